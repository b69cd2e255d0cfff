package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const asmDir = "../asm"

// generated is what generate returns, made once for all tests.
var generated = sync.OnceValues(generate)

func generatedFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCommittedFilesAreCurrent(t *testing.T) {
	for name, want := range generatedFiles(t) {
		got, err := os.ReadFile(filepath.Join(asmDir, name))
		if err != nil {
			t.Errorf("%v; run make generate", err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("asm/%s is not what gen writes; run make generate", name)
		}
	}
}

// A file that gen wrote once and writes no more would still be compiled in.
func TestNoStaleFiles(t *testing.T) {
	entries, err := os.ReadDir(asmDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if _, ok := generatedFiles(t)[name]; ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(asmDir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".s") || bytes.Contains(text, []byte(header)) {
			t.Errorf("asm/%s is generated, but not by this gen", name)
		}
	}
}

func TestEveryFileSaysItIsGenerated(t *testing.T) {
	for name, text := range generatedFiles(t) {
		if first, _, _ := strings.Cut(string(text), "\n"); first != "// "+header {
			t.Errorf("%s begins with %q", name, first)
		}
	}
}

// Users may leave assembly out by either tag, so no .s file does without both.
func TestAssemblyHonoursBuildTags(t *testing.T) {
	constraint := regexp.MustCompile(`(?m)^//go:build (.*)$`)
	for name, text := range generatedFiles(t) {
		if filepath.Ext(name) != ".s" {
			continue
		}
		m := constraint.FindSubmatch(text)
		if m == nil || string(m[1]) != withAsm {
			t.Errorf("%s: its constraint is not %q", name, withAsm)
		}
	}
}

func TestEverySpecIsAssembledOnce(t *testing.T) {
	symbol := regexp.MustCompile(`(?m)^TEXT ·(\w+)\(SB\)`)
	want := []string{"CPUID"} // beside the table
	var got []string
	for name, text := range generatedFiles(t) {
		if filepath.Ext(name) == ".s" {
			for _, m := range symbol.FindAllSubmatch(text, -1) {
				got = append(got, string(m[1]))
			}
		}
	}
	for _, s := range written(Specs) {
		want = append(want, s.Name())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("functions in assembly:\n%v\nrows of the table:\n%v", got, want)
	}
}

func TestWriteReplacesTheAssembly(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "gone_amd64.s")
	kept := filepath.Join(dir, "doc.go")
	for _, f := range []string{stale, kept} {
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := write(dir, map[string][]byte{"new_amd64.s": []byte("text")}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Error("an assembly file that is no longer generated is still there")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "new_amd64.s")); string(got) != "text" {
		t.Errorf("wrote %q, %v", got, err)
	}
}
