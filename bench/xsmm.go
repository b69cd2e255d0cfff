//go:build darwin || linux

package main

import (
	"errors"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// xsmmLargest is the largest dimension that libxsmm's kernels are meant for.
const xsmmLargest = 256

// xsmmArchives are where the library is looked for: Debian has it as a static
// one alone.
var xsmmArchives = []string{"/usr/lib/libxsmm.a", "/usr/lib/x86_64-linux-gnu/libxsmm.a", "/usr/local/lib/libxsmm.a"}

// xsmmPeer makes a shared object of libxsmm, which compiles a kernel for every
// shape at run time.
func xsmmPeer(threads int) (peer, error) {
	if threads > 1 {
		return peer{}, errOneThread
	}
	archive, ok := anyFile(xsmmArchives)
	if !ok {
		return peer{}, errors.New("not found (Debian: libxsmm-dev)")
	}
	path, err := built("libxsmm", "cc", "",
		"-Wl,--whole-archive", archive, "-Wl,--no-whole-archive", "-lxsmmnoblas", "-ldl", "-lm", "-lpthread")
	if err != nil {
		return peer{}, err
	}
	lib, err := open(path)
	if err != nil {
		return peer{}, err
	}
	d, s := lib.symbol("libxsmm_dmmdispatch"), lib.symbol("libxsmm_smmdispatch")
	if d == 0 || s == 0 {
		return peer{}, errors.New("it exports no libxsmm_dmmdispatch")
	}
	p := peer{
		Name:   "libxsmm",
		Detail: "libxsmm, target " + lib.text("libxsmm_get_target_arch") + ", kernels dispatched beforehand, 1 thread, file " + archive,
		f32:    xsmmOperations[float32](s),
		f64:    xsmmOperations[float64](d),
	}
	p.CallCost = callCost(p.f64, 1)
	return p, nil
}

// xsmmOperations binds products of small matrices, none transposed. The kernel
// is looked up when the shape changes, which is before it is timed.
func xsmmOperations[T mat.Float](dispatch uintptr) operations[T] {
	var (
		kernel        uintptr
		last          shape
		lda, ldb, ldc int32
	)
	one, zero := T(1), T(0)
	return operations[T]{
		takes: func(tA, tB mat.Transpose, sh shape) bool {
			return tA == mat.NoTrans && tB == mat.NoTrans && max(sh.m, sh.n, sh.k) <= xsmmLargest
		},
		gemm: func(_, _ mat.Transpose, a, b, c *mat.Dense[T]) {
			sh := shape{a.Rows, b.Cols, a.Cols}
			strides := [3]int32{int32(b.Stride), int32(a.Stride), int32(c.Stride)}
			if kernel == 0 || sh != last || strides != [3]int32{lda, ldb, ldc} {
				// Row-major C = A·B is the column-major Cᵀ = Bᵀ·Aᵀ.
				last, lda, ldb, ldc = sh, strides[0], strides[1], strides[2]
				kernel, _, _ = purego.SyscallN(dispatch, uintptr(sh.n), uintptr(sh.m), uintptr(sh.k),
					address(&lda), address(&ldb), address(&ldc), address(&one), address(&zero), 0, 0)
			}
			if kernel != 0 {
				purego.SyscallN(kernel, address(unsafe.SliceData(b.Data)), address(unsafe.SliceData(a.Data)), address(unsafe.SliceData(c.Data)))
			}
		},
	}
}
