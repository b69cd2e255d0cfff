//go:build darwin || linux

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebitengine/purego"
)

// known are the C libraries looked for, each under the first name that loads.
var known = []struct {
	name  string
	files []string
}{
	{"OpenBLAS", []string{"libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas.dylib"}},
	{"BLIS", []string{"libblis.so.4", "libblis.so", "libblis.4.dylib", "libblis.dylib", "libblis-mt.so.4", "libblis-mt.so"}},
}

// optional are those that must be built first, for this processor.
var optional = []struct {
	name string
	load func(threads int) (peer, error)
}{{"libxsmm", xsmmPeer}, {"Eigen", eigenPeer}}

// errOneThread is why they are absent beside several threads.
var errOneThread = errors.New("compared on one thread only")

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
	for _, o := range optional {
		p, err := o.load(threads)
		if err != nil {
			absent = append(absent, o.name+": "+err.Error())
			continue
		}
		found = append(found, p)
	}
	for _, path := range extra {
		name := uniqueName(libraryName(path), found)
		p, err := libraryPeer(name, path, threads)
		if err != nil {
			absent = append(absent, err.Error())
			continue
		}
		found = append(found, p)
	}
	return found, absent
}

// libraryName is a file's name up to ".so".
func libraryName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".so")
	return name
}

// uniqueName numbers a library whose name is taken.
func uniqueName(name string, taken []peer) string {
	unique := name
	for n := 2; slices.ContainsFunc(taken, func(p peer) bool { return p.Name == unique }); n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	return unique
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
		return peer{}, fmt.Errorf("%s: it exports no dgemm_", path)
	}
	p.CallCost = callCost(p.f64, 0)
	return p, nil
}

// describe says which library answered, in its own words.
func (l library) describe(threads int) string {
	var parts []string
	if config := l.text("openblas_get_config"); config != "" {
		parts = append(parts, strings.TrimSpace(config), "core "+l.text("openblas_get_corename"))
		threads = l.number("openblas_get_num_threads")
	} else if version := l.text("bli_info_get_version_str"); version != "" {
		parts = append(parts, "BLIS "+version, "configuration "+l.blisConfiguration(), l.blisThreading())
		threads = max(1, l.number("bli_thread_get_num_threads"))
	}
	return strings.Join(append(parts, threadsText(threads), "file "+l.path), ", ")
}
