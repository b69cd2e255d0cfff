// Package tidy holds the rules of the repository that a compiler does not.
package tidy

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/lanes-go/lanes/"

// layers says what the code of each layer, folder by folder, may import of this
// module; its tests may import internal folders besides. A folder that is not
// listed belongs to the nearest one above it that is.
var layers = map[string][]string{
	"asm":               {},
	"gen":               {},
	"internal/caches":   {"asm"},
	"kernels":           {"asm", "internal/caches"},
	"mat":               {"kernels", "asm"},
	"internal/spectral": {"mat", "kernels"},
	"eig":               {"internal/spectral", "mat", "kernels"},
	"svd":               {"internal/spectral", "mat", "kernels"},
	"pca":               {"eig", "svd", "mat", "kernels"},
	"diagnose":          {"eig", "svd", "mat", "kernels"},
	"nn":                {"svd", "mat", "kernels"},
}

// testOnly are folders that no code but tests may import.
var testOnly = []string{"internal/gallery", "internal/oracle", "internal/guard", "internal/tidy"}

// testsToo are folders above the layers that the tests of a layer may import.
var testsToo = []string{"internal/dataset"}

func TestImports(t *testing.T) {
	fset := token.NewFileSet()
	seen := 0
	for _, file := range files(t, ".go") {
		f, err := parser.ParseFile(fset, filepath.Join(root(t), file), nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range imports(f) {
			seen++
			if why := forbidden(file, spec); why != "" {
				t.Errorf("%s imports %s: %s", file, spec, why)
			}
		}
	}
	require.NotZero(t, seen, "no import found: is this the repository?")
}

// imports lists the folders of this module that f imports.
func imports(f *ast.File) (list []string) {
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if folder, ours := strings.CutPrefix(name, module); err == nil && ours {
			list = append(list, folder)
		}
	}
	return list
}

// forbidden says why file may not import folder, "" if it may.
func forbidden(file, folder string) string {
	test := strings.HasSuffix(file, "_test.go")
	for _, only := range testOnly {
		if within(folder, only) {
			if test || within(file, only) {
				return ""
			}
			return "for tests alone"
		}
	}
	layer, allowed := layerOf(file)
	if test {
		allowed = append(slices.Clip(allowed), testsToo...)
	}
	if layer == "" || within(folder, layer) {
		return ""
	}
	for _, a := range allowed {
		if within(folder, a) {
			return ""
		}
	}
	return "not below layer " + layer
}

func layerOf(file string) (layer string, allowed []string) {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if allowed, ok := layers[dir]; ok {
			return dir, allowed
		}
	}
	return "", nil
}

func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		file, folder string
		ok           bool
	}{
		{"mat/a.go", "kernels", true}, {"kernels/a.go", "mat", false}, {"asm/a.go", "kernels", false},
		{"eig/a.go", "svd", false}, {"svd/a_test.go", "eig", false}, {"eig/a.go", "internal/spectral", true},
		{"mat/a.go", "internal/oracle", false}, {"mat/a_test.go", "internal/oracle", true}, {"nn/a.go", "eig", false},
		{"mat/internal/x/a.go", "eig", false}, {"mat/internal/x/a.go", "kernels", true}, {"mat/a_test.go", "mat", true},
		{"internal/oracle/a.go", "internal/oracle/b", true}, {"examples/x/main.go", "pca", true},
		{"pca/a_test.go", "internal/dataset", true}, {"pca/a.go", "internal/dataset", false}, {"svd/a.go", "internal/gallery", false},
	} {
		require.Equal(t, c.ok, forbidden(c.file, c.folder) == "", "%s importing %s", c.file, c.folder)
	}
}

var (
	generated  = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	unfinished = regexp.MustCompile(`\b(` + `TO` + `DO|FIX` + `ME)\b`)
)

func TestFiles(t *testing.T) {
	for _, file := range files(t, ".go", ".s", ".md", ".sh", "Makefile") {
		text, err := os.ReadFile(filepath.Join(root(t), file))
		require.NoError(t, err)
		if at := unfinished.Find(text); at != nil {
			t.Errorf("%s holds the mark %s", file, at)
		}
		if n := bytes.Count(text, []byte("\n")); n > 500 && strings.HasSuffix(file, ".go") && !generated.Match(text) {
			t.Errorf("%s has %d lines: is it one thing?", file, n)
		}
	}
}

// TestAssembly holds generated amd64 assembly to what no assembler checks: the
// AVX2 files must keep off the registers that only AVX-512 has, and whoever
// touches the upper halves must clear them before returning to Go.
func TestAssembly(t *testing.T) {
	for _, file := range files(t, "_amd64.s") {
		text, err := os.ReadFile(filepath.Join(root(t), file))
		require.NoError(t, err)
		for _, why := range assemblyFaults(string(text), strings.Contains(file, "avx2")) {
			t.Errorf("%s: %s", file, why)
		}
	}
}

var (
	high    = regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	wide    = regexp.MustCompile(`\b[YZ]([12]?\d|3[01])\b`)
	comment = regexp.MustCompile(`//.*`)
)

func assemblyFaults(text string, avx2 bool) (faults []string) {
	usesWide, last := wide.MatchString(comment.ReplaceAllString(text, "")), ""
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(comment.ReplaceAllString(lines.Text(), ""))
		if line == "" {
			continue
		}
		if r := high.FindString(line); avx2 && r != "" && !strings.HasPrefix(line, "TEXT") {
			faults = append(faults, "line "+strconv.Itoa(n)+": register "+r+" in AVX2 code")
		}
		if line == "RET" && usesWide && last != "VZEROUPPER" {
			faults = append(faults, "line "+strconv.Itoa(n)+": RET after "+last+", not VZEROUPPER")
		}
		last = line
	}
	return faults
}

func TestAssemblyFaults(t *testing.T) {
	const good = "TEXT ·f(SB), $0\n\tVMOVUPD (AX), Y15 // Z31\n\tVZEROUPPER\n\tRET\n"
	require.Empty(t, assemblyFaults(good, true))
	require.Len(t, assemblyFaults(strings.ReplaceAll(good, "Y15", "Y16"), true), 1)
	require.Len(t, assemblyFaults(strings.ReplaceAll(good, "Y15", "K1"), true), 1)
	require.Empty(t, assemblyFaults(strings.ReplaceAll(good, "Y15", "Z31"), false))
	require.Len(t, assemblyFaults(strings.ReplaceAll(good, "\tVZEROUPPER\n", ""), false), 1)
	require.Empty(t, assemblyFaults("\tMOVQ AX, BX\n\tRET\n", true))
}

// files lists the files of the repository that end in one of suffixes, by path
// from its root.
func files(t *testing.T, suffixes ...string) (list []string) {
	t.Helper()
	dir := root(t)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); name != dir && (strings.HasPrefix(n, ".") || n == "testdata" || n == "vendor") {
				return filepath.SkipDir
			}
			return nil
		}
		for _, s := range suffixes {
			if strings.HasSuffix(name, s) {
				rel, err := filepath.Rel(dir, name)
				list = append(list, filepath.ToSlash(rel))
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return list
}

// root is the folder of go.mod above this one.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		require.NotEqual(t, dir, up, "no go.mod above the test")
		dir = up
	}
}
