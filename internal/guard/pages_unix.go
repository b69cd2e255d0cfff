//go:build linux || darwin

package guard

import (
	"os"
	"syscall"
	"testing"
)

// edge is the number of canaries between an operand and the page at its end.
const edge = 0

// pages returns at least n bytes of whole pages between two unreadable ones.
func pages(tb testing.TB, n int) []byte {
	tb.Helper()
	page := syscall.Getpagesize()
	size := (n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		tb.Fatalf("mmap: %v", err)
	}
	tb.Cleanup(func() {
		if err := syscall.Munmap(all); err != nil {
			tb.Errorf("munmap: %v", err)
		}
	})
	for _, p := range [][]byte{all[:page], all[page+size:]} {
		if err := syscall.Mprotect(p, protection()); err != nil {
			tb.Fatalf("mprotect: %v", err)
		}
	}
	return all[page : page+size : page+size]
}

// protection is none at all, or, for an emulator that loads masked lanes too
// (qemu does with VMASKMOV), against writing.
func protection() int {
	if os.Getenv("LANES_TEST_PAGES") == "readable" {
		return syscall.PROT_READ
	}
	return syscall.PROT_NONE
}
