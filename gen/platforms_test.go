package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme: the table of platforms in the README is the one that the kernel
// table gives.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := withPlatforms(text)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("the table of platforms in README.md is out of date: run make generate; want\n%s", platforms())
	}
}

// TestPlatforms: every set of the kernel table has its row, with the tiles of
// its products, and Go's is the last.
func TestPlatforms(t *testing.T) {
	rows := strings.Split(strings.TrimSuffix(string(platforms()), "\n"), "\n")
	sets := instructionSets()
	if len(rows) != 2+len(sets)+1 {
		t.Fatalf("%d lines for %d instruction sets", len(rows), len(sets))
	}
	for i, isa := range sets {
		for _, part := range []string{"| " + isa.Name + " |", isa.Title, isa.Arch, isa.Needs, tileOf(isa, f64), tileOf(isa, f32)} {
			if part == "" || !strings.Contains(rows[2+i], part) {
				t.Errorf("%q does not say %q", rows[2+i], part)
			}
		}
	}
	for _, r := range rows {
		if strings.Count(r, "|") != strings.Count(rows[0], "|") {
			t.Errorf("columns of %q", r)
		}
	}
	if !strings.HasPrefix(rows[len(rows)-1], "| go |") {
		t.Errorf("the last row is %q", rows[len(rows)-1])
	}
}

func TestWritePlatforms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte("before\n"+platformsBegin+"old\n"+platformsEnd+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writePlatforms(path); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if want := "before\n" + platformsBegin + string(platforms()) + platformsEnd + "after\n"; string(got) != want {
		t.Errorf("wrote %q", got)
	}
	for _, bad := range []string{"", platformsBegin, platformsEnd + platformsBegin} {
		if _, err := withPlatforms([]byte(bad)); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
}
