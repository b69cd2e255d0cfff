package main

import (
	"runtime/debug"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/lanes-go/lanes/mat"
)

const gonumPath = "gonum.org/v1/gonum"

// gonumPeer is gonum with its own assembly; its threads are GOMAXPROCS.
func gonumPeer(threads int) peer {
	return peer{
		Name:   "gonum",
		Detail: "gonum " + moduleVersion(gonumPath) + ", its own assembly, " + threadsText(threads),
		f32: operations[float32]{
			gemm: func(a, b, c *mat.Dense[float32]) {
				blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general32(a), general32(b), 0, general32(c))
			},
			axpy: func(alpha float32, x, y []float32) { blas32.Axpy(alpha, vector32(x), vector32(y)) },
			dot:  func(x, y []float32) float32 { return blas32.Dot(vector32(x), vector32(y)) },
		},
		f64: operations[float64]{
			gemm: func(a, b, c *mat.Dense[float64]) {
				blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, general64(a), general64(b), 0, general64(c))
			},
			axpy: func(alpha float64, x, y []float64) { blas64.Axpy(alpha, vector64(x), vector64(y)) },
			dot:  func(x, y []float64) float64 { return blas64.Dot(vector64(x), vector64(y)) },
		},
	}
}

func general32(m *mat.Dense[float32]) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
}

func general64(m *mat.Dense[float64]) blas64.General {
	return blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
}

func vector32(x []float32) blas32.Vector { return blas32.Vector{N: len(x), Data: x, Inc: 1} }
func vector64(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Data: x, Inc: 1} }

// moduleVersion returns the version of a module that this program is built
// with.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, dep := range info.Deps {
			if dep.Path == path {
				return dep.Version
			}
		}
	}
	return "(version unknown)"
}
