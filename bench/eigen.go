//go:build darwin || linux

package main

import (
	_ "embed"
	"errors"
	"path/filepath"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

//go:embed shim/eigen.cpp
var eigenSource string

// eigenHeaders are where Eigen, which is nothing but headers, is looked for.
var eigenHeaders = []string{
	"/usr/include/eigen3/Eigen/Dense", "/usr/local/include/eigen3/Eigen/Dense", "/opt/homebrew/include/eigen3/Eigen/Dense",
}

// eigenPeer compiles Eigen's products for the instruction set of the others.
func eigenPeer(threads int) (peer, error) {
	if threads > 1 {
		return peer{}, errOneThread
	}
	header, ok := anyFile(eigenHeaders)
	if !ok {
		return peer{}, errors.New("its headers were not found (Debian: libeigen3-dev)")
	}
	flags := []string{"-march=native"}
	if peerISA() == "avx2" {
		flags = []string{"-mavx2", "-mfma"}
	}
	include := filepath.Dir(filepath.Dir(header))
	path, err := built("eigen", "g++", eigenSource,
		append(flags, "-O3", "-DNDEBUG", "-I"+include, "-x", "c++", "-")...)
	if err != nil {
		return peer{}, err
	}
	lib, err := open(path)
	if err != nil {
		return peer{}, err
	}
	p := peer{
		Name:   "Eigen",
		Detail: "Eigen " + lib.text("eigen_version") + ", compiled here with -O3 " + flags[0] + ", 1 thread",
		f32:    eigenOperations[float32](lib, "eigen_s"),
		f64:    eigenOperations[float64](lib, "eigen_d"),
	}
	p.CallCost = callCost(p.f64, 0)
	return p, nil
}

func eigenOperations[T mat.Float](lib library, prefix string) operations[T] {
	name := func(routine string) uintptr { return lib.symbol(prefix + routine) }
	gemm, gemv, ger, gram := name("gemm"), name("gemv"), name("ger"), name("gram")
	axpy, scal, rot, dot, nrm2 := name("axpy"), name("scal"), name("rot"), name("dot"), name("nrm2")
	var scalars struct{ alpha, c, s, result T }
	at := func(x []T) uintptr { return address(unsafe.SliceData(x)) }
	ops := operations[T]{
		gemm: func(tA, tB mat.Transpose, a, b, c *mat.Dense[T]) {
			k := a.Cols
			if tA == mat.Trans {
				k = a.Rows
			}
			purego.SyscallN(gemm, flag01(tA), flag01(tB), uintptr(c.Rows), uintptr(c.Cols), uintptr(k),
				at(a.Data), uintptr(a.Stride), at(b.Data), uintptr(b.Stride), at(c.Data), uintptr(c.Stride))
		},
		gemv: func(tA mat.Transpose, a *mat.Dense[T], x, y []T) {
			purego.SyscallN(gemv, flag01(tA), uintptr(a.Rows), uintptr(a.Cols), at(a.Data), uintptr(a.Stride), at(x), at(y))
		},
		rankOne: func(alpha T, x, y []T, a *mat.Dense[T]) {
			scalars.alpha = alpha
			purego.SyscallN(ger, uintptr(a.Rows), uintptr(a.Cols), address(&scalars.alpha), at(x), at(y), at(a.Data), uintptr(a.Stride))
		},
		gram: func(alpha T, a, c *mat.Dense[T]) {
			scalars.alpha = alpha
			purego.SyscallN(gram, uintptr(a.Cols), uintptr(a.Rows), address(&scalars.alpha), at(a.Data), uintptr(a.Stride), at(c.Data), uintptr(c.Stride))
		},
		axpy: func(alpha T, x, y []T) {
			scalars.alpha = alpha
			purego.SyscallN(axpy, uintptr(len(x)), address(&scalars.alpha), at(x), at(y))
		},
		scal: func(alpha T, x []T) {
			scalars.alpha = alpha
			purego.SyscallN(scal, uintptr(len(x)), address(&scalars.alpha), at(x))
		},
		rot: func(x, y []T, c, s T) {
			scalars.c, scalars.s = c, s
			purego.SyscallN(rot, uintptr(len(x)), at(x), at(y), address(&scalars.c), address(&scalars.s))
		},
		dot: func(x, y []T) T {
			purego.SyscallN(dot, uintptr(len(x)), at(x), at(y), address(&scalars.result))
			return scalars.result
		},
		nrm2: func(x []T) T {
			purego.SyscallN(nrm2, uintptr(len(x)), at(x), address(&scalars.result))
			return scalars.result
		},
	}
	return ops
}

func flag01(t mat.Transpose) uintptr {
	if t == mat.Trans {
		return 1
	}
	return 0
}
