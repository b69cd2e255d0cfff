//go:build darwin || freebsd || linux || netbsd

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// known are the C libraries looked for, each under the first name that loads.
var known = []struct {
	name  string
	files []string
}{
	{"OpenBLAS", []string{"libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas.dylib"}},
	{"BLIS", []string{"libblis.so.4", "libblis.so", "libblis.4.dylib", "libblis.dylib", "libblis-mt.so.4", "libblis-mt.so"}},
}

// library is a loaded shared object.
type library struct {
	path   string
	handle uintptr
}

func open(path string) (library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	return library{path, handle}, err
}

// symbol returns the address of a function, 0 if the library has none.
func (l library) symbol(name string) uintptr {
	address, err := purego.Dlsym(l.handle, name)
	if err != nil {
		return 0
	}
	return address
}

// text calls a function that returns a C string; it is "" where there is none.
func (l library) text(name string, args ...int32) string {
	address := l.symbol(name)
	switch {
	case address == 0:
		return ""
	case len(args) == 0:
		var f func() string
		purego.RegisterFunc(&f, address)
		return f()
	default:
		var f func(int32) string
		purego.RegisterFunc(&f, address)
		return f(args[0])
	}
}

// number calls a function that returns an int, -1 where there is none.
func (l library) number(name string) int {
	address := l.symbol(name)
	if address == 0 {
		return -1
	}
	var f func() int32
	purego.RegisterFunc(&f, address)
	return int(f())
}

// findLibraries loads the known C libraries and those in extra, and returns a
// sentence about each that cannot be used.
func findLibraries(extra []string, threads int) (found []peer, absent []string) {
	for _, k := range known {
		p, err := firstLibrary(k.name, k.files, threads)
		if err != nil {
			absent = append(absent, k.name+": "+err.Error())
			continue
		}
		found = append(found, p)
	}
	for _, path := range extra {
		p, err := libraryPeer(strings.TrimSuffix(filepath.Base(path), ".so"), path, threads)
		if err != nil {
			absent = append(absent, fmt.Sprintf("%s: %v", path, err))
			continue
		}
		found = append(found, p)
	}
	return found, absent
}

func firstLibrary(name string, files []string, threads int) (peer, error) {
	for _, file := range files {
		if p, err := libraryPeer(name, file, threads); err == nil {
			return p, nil
		}
	}
	return peer{}, fmt.Errorf("not found (looked for %s; -lib names a file)", strings.Join(files, ", "))
}

// libraryPeer loads a library that exports the Fortran interface of BLAS.
func libraryPeer(name, path string, threads int) (peer, error) {
	lib, err := open(path)
	if err != nil {
		return peer{}, err
	}
	p := peer{
		Name:   name,
		Detail: lib.describe(threads),
		f32:    fortran[float32](lib, 's'),
		f64:    fortran[float64](lib, 'd'),
	}
	if p.f64.gemm == nil {
		return peer{}, fmt.Errorf("it exports no dgemm_")
	}
	p.CallCost = callCost(p.f64)
	return p, nil
}

// describe says which library answered, in its own words.
func (l library) describe(threads int) string {
	var parts []string
	if config := l.text("openblas_get_config"); config != "" {
		parts = append(parts, strings.TrimSpace(config), "core "+l.text("openblas_get_corename"))
		threads = l.number("openblas_get_num_threads")
	} else if version := l.text("bli_info_get_version_str"); version != "" {
		parts = append(parts, "BLIS "+version)
		if arch := l.number("bli_arch_query_id"); arch >= 0 {
			parts = append(parts, "configuration "+l.text("bli_arch_string", int32(arch)))
		}
		threads = max(1, l.number("bli_thread_get_num_threads"))
	}
	return strings.Join(append(parts, threadsText(threads), "file "+l.path), ", ")
}

// callCost is what a call into C costs before any work: the best time of a
// product without entries.
func callCost(ops operations[float64]) time.Duration {
	empty := &mat.Dense[float64]{Data: make([]float64, 1), Stride: 1}
	best := race([]runner{{run: func() { ops.gemm(empty, empty, empty) }}}, 5*time.Millisecond)[0].best()
	return time.Duration(best)
}

// fortran binds the BLAS of one element type, whose names begin with prefix.
// The arguments of a call live in one heap object, so that a call allocates
// nothing.
func fortran[T mat.Float](lib library, prefix byte) operations[T] {
	name := func(routine string) uintptr { return lib.symbol(string(prefix) + routine + "_") }
	gemm, axpy, dot := name("gemm"), name("axpy"), name("dot")
	if gemm == 0 || axpy == 0 || dot == 0 {
		return operations[T]{}
	}
	args := &arguments[T]{one: 1, inc: 1, plain: 'N'}
	ops := operations[T]{
		gemm:    func(a, b, c *mat.Dense[T]) { args.gemm(gemm, a, b, c) },
		axpy:    func(alpha T, x, y []T) { args.axpy(axpy, alpha, x, y) },
		timeDot: func(x, y []T) { args.dot(dot, x, y) },
	}
	var function func(n *int32, x *T, incX *int32, y *T, incY *int32) T
	purego.RegisterFunc(&function, dot)
	ops.dot = func(x, y []T) T {
		args.m = int32(len(x))
		return function(&args.m, unsafe.SliceData(x), &args.inc, unsafe.SliceData(y), &args.inc)
	}
	return ops
}

// arguments holds what Fortran takes by reference.
type arguments[T mat.Float] struct {
	m, n, k, lda, ldb, ldc, inc int32
	one, zero, alpha            T
	plain                       byte
}

// gemm computes the row-major C = A·B as the column-major Cᵀ = Bᵀ·Aᵀ.
func (g *arguments[T]) gemm(address uintptr, a, b, c *mat.Dense[T]) {
	g.m, g.n, g.k = int32(c.Cols), int32(c.Rows), int32(a.Cols)
	g.lda, g.ldb, g.ldc = int32(b.Stride), int32(a.Stride), int32(c.Stride)
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&g.plain)), uintptr(unsafe.Pointer(&g.plain)),
		uintptr(unsafe.Pointer(&g.m)), uintptr(unsafe.Pointer(&g.n)), uintptr(unsafe.Pointer(&g.k)),
		uintptr(unsafe.Pointer(&g.one)),
		uintptr(unsafe.Pointer(unsafe.SliceData(b.Data))), uintptr(unsafe.Pointer(&g.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(a.Data))), uintptr(unsafe.Pointer(&g.ldb)),
		uintptr(unsafe.Pointer(&g.zero)),
		uintptr(unsafe.Pointer(unsafe.SliceData(c.Data))), uintptr(unsafe.Pointer(&g.ldc)))
}

func (g *arguments[T]) axpy(address uintptr, alpha T, x, y []T) {
	g.m, g.alpha = int32(len(x)), alpha
	purego.SyscallN(address, uintptr(unsafe.Pointer(&g.m)), uintptr(unsafe.Pointer(&g.alpha)),
		uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(&g.inc)),
		uintptr(unsafe.Pointer(unsafe.SliceData(y))), uintptr(unsafe.Pointer(&g.inc)))
}

// dot leaves its result in a register that SyscallN does not read.
func (g *arguments[T]) dot(address uintptr, x, y []T) {
	g.m = int32(len(x))
	purego.SyscallN(address, uintptr(unsafe.Pointer(&g.m)),
		uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(&g.inc)),
		uintptr(unsafe.Pointer(unsafe.SliceData(y))), uintptr(unsafe.Pointer(&g.inc)))
}
