package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// The lines of the README that the table of platforms stands between.
const (
	platformsBegin = "<!-- platforms: from the kernel table, by make generate -->\n"
	platformsEnd   = "<!-- /platforms -->\n"
)

// platforms is the table of instruction sets in Markdown: what each needs, its
// registers, the tiles of the products, and what it leaves to Go.
func platforms() []byte {
	var b bytes.Buffer
	b.WriteString("| `LANES_ISA` | set | GOARCH | processor | vector registers | tile f64 | tile f32 | operations in assembly |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	for _, isa := range instructionSets() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d × %d bit | %s | %s | %s |\n", isa.Name, isa.Title, isa.Arch, isa.Needs,
			isa.Vectors, 8*isa.Width, tileOf(isa, f64), tileOf(isa, f32), coverage(isa))
	}
	b.WriteString("| go | none | any | any; builds with the tag `purego` or `noasm` | – | – | – | none |\n")
	return b.Bytes()
}

// instructionSets lists those that have kernels, as Specs orders them.
func instructionSets() []*ISA {
	var list []*ISA
	for _, s := range Specs {
		if !slices.Contains(list, s.ISA) {
			list = append(list, s.ISA)
		}
	}
	return list
}

func tileOf(isa *ISA, elem Elem) string {
	for _, s := range Specs {
		if s.Op == "gemm" && s.ISA == isa && s.Elem == elem {
			return fmt.Sprintf("%d×%d", s.MR, s.NR())
		}
	}
	return "–"
}

// coverage says how many operations a set has, and names those it lacks.
func coverage(isa *ISA) string {
	var lacking []string
	for _, sig := range signatures {
		if !slices.ContainsFunc(Specs, func(s Spec) bool { return s.Op == sig.op && s.ISA == isa }) {
			lacking = append(lacking, sig.op)
		}
	}
	if lacking == nil {
		return fmt.Sprintf("all %d", len(signatures))
	}
	return fmt.Sprintf("%d of %d; not %s", len(signatures)-len(lacking), len(signatures), strings.Join(lacking, ", "))
}

// withPlatforms returns a text with the table between its marks.
func withPlatforms(text []byte) ([]byte, error) {
	before, rest, ok := bytes.Cut(text, []byte(platformsBegin))
	_, after, closed := bytes.Cut(rest, []byte(platformsEnd))
	if !ok || !closed {
		return nil, fmt.Errorf("no place for the table of platforms: want the lines %q and %q", platformsBegin, platformsEnd)
	}
	return slices.Concat(before, []byte(platformsBegin), platforms(), []byte(platformsEnd), after), nil
}

// writePlatforms renews the table in a file.
func writePlatforms(path string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := withPlatforms(old)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, text, 0o644)
}
