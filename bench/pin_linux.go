package main

import "golang.org/x/sys/unix"

// pin keeps the calling thread on the last core that it may use; the first
// ones serve most interrupts. Where that is forbidden the thread stays free.
func pin() {
	cores := allowedCores()
	if len(cores) == 0 {
		return
	}
	var last unix.CPUSet
	last.Set(cores[len(cores)-1])
	_ = unix.SchedSetaffinity(0, &last)
}

// allowedCores returns the cores that the calling thread may use.
func allowedCores() (cores []int) {
	var allowed unix.CPUSet
	if unix.SchedGetaffinity(0, &allowed) != nil {
		return nil
	}
	const bitsPerWord = 64
	for core := range len(allowed) * bitsPerWord {
		if allowed.IsSet(core) {
			cores = append(cores, core)
		}
	}
	return cores
}
