package main

import (
	"errors"
	"runtime/debug"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	gonum "gonum.org/v1/gonum/mat"

	"github.com/lanes-go/lanes/mat"
)

const gonumPath = "gonum.org/v1/gonum"

// gonumPeer is gonum with its own assembly; its threads are GOMAXPROCS.
func gonumPeer(threads int) peer {
	return peer{
		Name:   "gonum",
		Detail: "gonum " + moduleVersion(gonumPath) + ", its own assembly, " + threadsText(threads),
		f32:    gonum32(),
		f64:    gonum64(),
	}
}

func gonum32() operations[float32] {
	return operations[float32]{
		gemm: func(tA, tB mat.Transpose, a, b, c *mat.Dense[float32]) {
			blas32.Gemm(gonumTrans(tA), gonumTrans(tB), 1, general32(a), general32(b), 0, general32(c))
		},
		gemv: func(tA mat.Transpose, a *mat.Dense[float32], x, y []float32) {
			blas32.Gemv(gonumTrans(tA), 1, general32(a), vector32(x), 0, vector32(y))
		},
		rankOne: func(alpha float32, x, y []float32, a *mat.Dense[float32]) {
			blas32.Ger(alpha, vector32(x), vector32(y), general32(a))
		},
		axpy: func(alpha float32, x, y []float32) { blas32.Axpy(alpha, vector32(x), vector32(y)) },
		scal: func(alpha float32, x []float32) { blas32.Scal(alpha, vector32(x)) },
		rot:  func(x, y []float32, c, s float32) { blas32.Rot(len(x), vector32(x), vector32(y), c, s) },
		dot:  func(x, y []float32) float32 { return blas32.Dot(vector32(x), vector32(y)) },
		nrm2: func(x []float32) float32 { return blas32.Nrm2(vector32(x)) },
	}
}

func gonum64() operations[float64] {
	return operations[float64]{
		gemm: func(tA, tB mat.Transpose, a, b, c *mat.Dense[float64]) {
			blas64.Gemm(gonumTrans(tA), gonumTrans(tB), 1, general64(a), general64(b), 0, general64(c))
		},
		gemv: func(tA mat.Transpose, a *mat.Dense[float64], x, y []float64) {
			blas64.Gemv(gonumTrans(tA), 1, general64(a), vector64(x), 0, vector64(y))
		},
		rankOne: func(alpha float64, x, y []float64, a *mat.Dense[float64]) {
			blas64.Ger(alpha, vector64(x), vector64(y), general64(a))
		},
		axpy:      func(alpha float64, x, y []float64) { blas64.Axpy(alpha, vector64(x), vector64(y)) },
		scal:      func(alpha float64, x []float64) { blas64.Scal(alpha, vector64(x)) },
		rot:       func(x, y []float64, c, s float64) { blas64.Rot(vector64(x), vector64(y), c, s) },
		dot:       func(x, y []float64) float64 { return blas64.Dot(vector64(x), vector64(y)) },
		nrm2:      func(x []float64) float64 { return blas64.Nrm2(vector64(x)) },
		symmetric: gonumEigen, eigenBy: gonumEigenBy, thin: gonumSVD,
	}
}

func gonumTrans(t mat.Transpose) blas.Transpose {
	if t == mat.Trans {
		return blas.Trans
	}
	return blas.NoTrans
}

func gonumEigen(a *mat.Dense[float64]) *eigenJob[float64] {
	sym := gonum.NewSymDense(a.Rows, a.Data)
	job := &eigenJob[float64]{values: make([]float64, a.Rows)}
	var eig gonum.EigenSym
	vectors := gonum.NewDense(a.Rows, a.Rows, nil)
	job.run = func() error {
		if !eig.Factorize(sym, true) {
			return errGonum
		}
		eig.Values(job.values)
		eig.VectorsTo(vectors)
		return nil
	}
	job.vectors = func() *mat.Dense[float64] { return fromGonum(vectors) }
	return job
}

// gonumEigenBy knows the values alone beside what gonumEigen does.
func gonumEigenBy(way eigenWay, a *mat.Dense[float64]) *eigenJob[float64] {
	if way != valuesOnly {
		return gonumEigen(a)
	}
	sym := gonum.NewSymDense(a.Rows, a.Data)
	job := &eigenJob[float64]{values: make([]float64, a.Rows)}
	var eig gonum.EigenSym
	job.run = func() error {
		if !eig.Factorize(sym, false) {
			return errGonum
		}
		eig.Values(job.values)
		return nil
	}
	return job
}

func gonumSVD(a *mat.Dense[float64]) *svdJob[float64] {
	dense := gonum.NewDense(a.Rows, a.Cols, a.Data)
	k := min(a.Rows, a.Cols)
	job := &svdJob[float64]{values: make([]float64, k)}
	var svd gonum.SVD
	u, v := gonum.NewDense(a.Rows, k, nil), gonum.NewDense(a.Cols, k, nil)
	job.run = func() error {
		if !svd.Factorize(dense, gonum.SVDThin) {
			return errGonum
		}
		svd.Values(job.values)
		svd.UTo(u)
		svd.VTo(v)
		return nil
	}
	job.u = func() *mat.Dense[float64] { return fromGonum(u) }
	job.v = func() *mat.Dense[float64] { return fromGonum(v) }
	return job
}

var errGonum = errors.New("gonum's factorization did not converge")

func fromGonum(m *gonum.Dense) *mat.Dense[float64] {
	raw := m.RawMatrix()
	return &mat.Dense[float64]{Rows: raw.Rows, Cols: raw.Cols, Data: raw.Data, Stride: raw.Stride}
}

func general32(m *mat.Dense[float32]) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
}

func general64(m *mat.Dense[float64]) blas64.General {
	return blas64.General(*m)
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
