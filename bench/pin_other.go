//go:build !linux

package main

// pin does nothing: only Linux lets a thread choose its core.
func pin() {}

// allowedCores returns nil: unknown.
func allowedCores() []int { return nil }
