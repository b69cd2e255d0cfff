package main

import (
	"fmt"
	"os"
	"strings"
)

// progress says on a terminal what is being measured, on one line that it
// rewrites; elsewhere it says nothing.
type progress struct {
	terminal *os.File // nil: no terminal
}

func newProgress(f *os.File) *progress {
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{f}
}

const eraseLine = "\r\x1b[K"

func (p *progress) show(words ...string) {
	if p.terminal != nil {
		fmt.Fprint(p.terminal, eraseLine+"measuring "+strings.Join(words, " "))
	}
}

func (p *progress) clear() {
	if p.terminal != nil {
		fmt.Fprint(p.terminal, eraseLine)
	}
}
