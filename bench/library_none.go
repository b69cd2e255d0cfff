//go:build !(darwin || linux)

package main

// findLibraries finds none: on this system a C library cannot be loaded
// without cgo.
func findLibraries(extra []string, _ int) (found []peer, absent []string) {
	absent = []string{"OpenBLAS, BLIS, libxsmm and Eigen: this system cannot load C libraries without cgo"}
	for _, path := range extra {
		absent = append(absent, path+": this system cannot load C libraries without cgo")
	}
	return nil, absent
}

func blisArchitecture([]string, string) string { return "" }
