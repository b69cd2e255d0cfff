//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// relaunch replaces this process by itself in the fair environment. It returns
// at once in the process so started.
func relaunch(opts options) error {
	if os.Getenv(relaunchedVar) != "" {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot start itself anew: %w", err)
	}
	blisArch := ""
	if os.Getenv(keepVar) == "" {
		blisArch = blisArchitecture(opts.libraries, peerISA())
	}
	err = syscall.Exec(program, os.Args, fairEnvironment(os.Environ(), peerISA(), blisArch, opts.threads))
	return fmt.Errorf("cannot start itself anew: %w", err)
}
