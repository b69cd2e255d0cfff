//go:build darwin || linux

package main

import (
	"slices"
	"strconv"

	"github.com/ebitengine/purego"
)

// blisFor lists BLIS's configurations for an instruction set, the one to ask
// for first.
var blisFor = map[string][]string{
	"avx512": {"skx", "zen4", "zen5"},
	"avx2":   {"haswell", "zen", "zen2", "zen3"},
}

// blisArchitectures bounds the search for a configuration's number: BLIS
// counts newer ones in the middle of its list, and x86 comes first.
const blisArchitectures = 9

// blisArchitecture returns the BLIS_ARCH_TYPE that makes the BLIS library use
// the instruction set, or "" where that is its own choice already. BLIS 0.9
// takes an AVX-512 processor for AVX2 when its model name is not one it knows.
func blisArchitecture(extra []string, isa string) string {
	lib, ok := findBLIS(extra)
	fitting := blisFor[isa]
	if !ok || len(fitting) == 0 || slices.Contains(fitting, lib.blisConfiguration()) {
		return ""
	}
	for id := range blisArchitectures {
		if lib.text("bli_arch_string", int32(id)) == fitting[0] {
			return strconv.Itoa(id)
		}
	}
	return ""
}

func findBLIS(extra []string) (library, bool) {
	var files []string
	for _, k := range known {
		files = append(files, k.files...)
	}
	for _, file := range append(files, extra...) {
		if lib, err := open(file); err == nil && lib.symbol("bli_arch_string") != 0 {
			return lib, true
		}
	}
	return library{}, false
}

// blisConfiguration returns the name of the configuration in use.
func (l library) blisConfiguration() string {
	if initialise := l.symbol("bli_init"); initialise != 0 {
		purego.SyscallN(initialise)
	}
	id := l.number("bli_arch_query_id")
	if id < 0 {
		return "unknown"
	}
	return l.text("bli_arch_string", int32(id))
}

// blisThreading tells OpenMP from plain threads, which BLIS creates anew at
// every call: with more than one, small products then take milliseconds.
func (l library) blisThreading() string {
	if l.number("bli_info_get_enable_openmp") == 1 {
		return "OpenMP"
	}
	return "pthreads (created at every call)"
}
