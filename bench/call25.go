//go:build darwin || linux

package main

import (
	_ "embed"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

//go:embed shim/call25.c
var call25Source string

// call25 returns the address of a C function that passes 25 arguments on, 0
// where there is no C compiler to build it with: purego passes 15 at most.
var call25 = sync.OnceValue(func() uintptr {
	path, err := built("call25", "cc", call25Source, "-O2", "-x", "c", "-")
	if err != nil {
		return 0
	}
	lib, err := open(path)
	if err != nil {
		return 0
	}
	return lib.symbol("call25")
})

// longList holds pointers to what a Fortran routine takes. The lengths of its
// strings, which follow by value, are left zero: LAPACK reads the first letter.
type longList [25]unsafe.Pointer

func (a *longList) call(routine uintptr) {
	purego.SyscallN(call25(), routine, uintptr(unsafe.Pointer(a)))
}
