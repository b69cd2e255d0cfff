package main

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/arch/arm64/arm64asm"
)

var wordLine = regexp.MustCompile(`(?m)^\tWORD \$0x([0-9a-f]{8}) // (.*)$`)

// TestWords decodes every instruction that is written as a number and compares
// it with its comment.
func TestWords(t *testing.T) {
	checked := map[string]bool{}
	for _, group := range groupByFile(of("arm64")) {
		text := assembleARM64(group)
		words := wordLine.FindAllSubmatch(text, -1)
		if len(words) != strings.Count(string(text), "WORD") {
			t.Errorf("%s: a WORD is not written like the others", fileName(group[0]))
		}
		for _, m := range words {
			checked[string(m[1])+" "+string(m[2])] = true
		}
	}
	if len(checked) < 100 {
		t.Fatalf("only %d words found", len(checked))
	}
	for line := range checked {
		word, comment, _ := strings.Cut(line, " ")
		bits, err := strconv.ParseUint(word, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		inst, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, uint32(bits)))
		if err != nil {
			t.Errorf("%s (%s): %v", word, comment, err)
			continue
		}
		if got := arm64asm.GNUSyntax(inst); got != comment {
			t.Errorf("%s is %q, the comment says %q", word, got, comment)
		}
	}
}

// TestLintARM64: a reserved register is refused, wherever it stands.
func TestLintARM64(t *testing.T) {
	for _, bad := range []string{"MOVD R18, R1", "ADD $8, R27", "MOVD (g), R2", "SUB $16, RSP", "MOVD R30, R2"} {
		if lintARM64([]byte("\t"+bad+"\n")) == nil {
			t.Errorf("%q passed", bad)
		}
	}
	if err := lintARM64([]byte("\tMOVD args+0(FP), R0\n\tADD R26, R17\n")); err != nil {
		t.Error(err)
	}
}

// TestModel: the inner loop of gemm is all FMAs but for one load per row of A
// and per vector of B and the loop itself, in the registers that there are.
func TestModel(t *testing.T) {
	for _, s := range of("arm64") {
		if s.Op != "gemm" {
			continue
		}
		e := &arm64Emitter{elem: s.Elem}
		e.text(s)
		s.arm64(e, s)
		tile := itoa(s.MR) + "x" + itoa(s.NR())
		found := false
		for _, l := range e.loops {
			if l.loop != tile {
				continue
			}
			found = true
			if got, want := l.count[fma], s.MR*s.NV*l.steps; got != want {
				t.Errorf("%s: %d FMAs in a turn, want %d", s.Name(), got, want)
			}
			if got, want := l.loads(), (s.MR+s.NV)*l.steps; got != want {
				t.Errorf("%s: %d loads in a turn, want %d", s.Name(), got, want)
			}
			if l.stores() != 0 || l.vectors > s.ISA.Vectors {
				t.Errorf("%s: %d stores, %d registers", s.Name(), l.stores(), l.vectors)
			}
			for _, c := range cores {
				if got, want := c.cycles(l, s.MR*s.NV), float64(l.count[fma])/c.vector; got != want {
					t.Errorf("%s on %s: %g cycles, not %g: the FMAs are not the bottleneck", s.Name(), c.name, got, want)
				}
			}
		}
		if !found {
			t.Errorf("%s has no loop %s", s.Name(), tile)
		}
	}
}
