package main

import (
	"crypto/sha256"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
	"github.com/lanes-go/lanes/kernels"
)

// tuneTable holds two rows like those of the table, on any machine.
var tuneTable = []asm.Kernel{
	{Op: "gemm", ISA: asm.AVX512, Elem: "f64", MR: 8, NR: 24, Lanes: 8, MC: 128, KC: 384, NC: 2016},
	{Op: "gemm", ISA: asm.AVX512, Elem: "f32", MR: 8, NR: 48, Lanes: 16, MC: 256, KC: 384, NC: 2016},
}

func TestTileCandidates(t *testing.T) {
	list := tileCandidates(tuneTable)
	require.Len(t, list, len(tiles["avx512"]))
	assert.Equal(t, "8×3", list[0].name)
	names := map[string]bool{}
	for _, c := range list {
		assert.False(t, names[c.name], c.name)
		names[c.name] = true
		assert.Equal(t, c.tile.mr, c.rows[1].Set["MR"])
	}
	assert.True(t, names["14×2"] && names["6×4"])
	text, err := list[0].overrides()
	require.NoError(t, err)
	assert.JSONEq(t, `[{"kernel":"gemm_avx512_f64","set":{"MR":8,"NV":3}},{"kernel":"gemm_avx512_f32","set":{"MR":8,"NV":3}}]`, string(text))
}

func TestTilesFitRegisters(t *testing.T) {
	for isa, registers := range map[string]int{"avx512": 32, "avx2": 16} {
		for _, tile := range tiles[isa] {
			assert.LessOrEqual(t, (tile.mr+1)*tile.nv+1, registers, "%s %s", isa, tile)
		}
	}
}

func TestBlockCandidates(t *testing.T) {
	list := blockCandidates(tuneTable, []tile{{8, 3}, {6, 4}})
	require.Len(t, list, 1+len(blocks))
	assert.Equal(t, map[string]int{"MR": 6, "NV": 4}, list[0].rows[1].Set)
	assert.Equal(t, "1/4·MC", list[1].name)
	assert.Equal(t, map[string]int{"MR": 8, "NV": 3, "MC": 32}, list[1].rows[0].Set)
	assert.Equal(t, map[string]int{"MR": 6, "NV": 4, "MC": 64}, list[1].rows[1].Set)
	assert.Equal(t, map[string]int{"MR": 8, "NV": 3, "KC": 512}, list[4].rows[0].Set)
}

func TestRank(t *testing.T) {
	classes := []shapeClass{{"few", []shape{square(1), square(2)}}, {"many", []shape{square(3)}}}
	all := []samples{
		{square(1): {{2, 10}, {1, 3}}, square(2): {{8, 9}}, square(3): {{5, 7}}}, // 0.2 and 0.8, mean 0.4
		{square(1): {{3, 9}}, square(2): {{3, 8}}, square(3): {{9, 10}}},
	}
	ranking := rank([]string{"a", "b"}, all, classes)
	assert.Equal(t, "a", ranking["few"][0].name)
	assert.InDelta(t, 0.4, ranking["few"][0].share, 1e-12)
	assert.Equal(t, "b", ranking["many"][0].name)
	assert.Equal(t, "b", ranking[allClasses][0].name)
	assert.InDelta(t, math.Sqrt(0.3*0.9), ranking[allClasses][0].share, 1e-12)

	var text strings.Builder
	writeRanking(&text, "title", ranking, classes)
	assert.Equal(t, "title\n  few     a 40.0   b 30.0\n  many    b 90.0   a 50.0\n  all     b 52.0   a 44.7\n\n", text.String())
}

func TestParseSample(t *testing.T) {
	one, err := parseSample("1000 4", shape{10, 10, 10})
	require.NoError(t, err)
	assert.Equal(t, tuneSample{2, 4}, one)
	for _, bad := range []string{"", "1000", "x y", "0 4", "NaN 4"} {
		_, err := parseSample(bad, square(1))
		assert.Error(t, err, bad)
	}
}

func TestParseTune(t *testing.T) {
	if len(tunable(asm.AVX2.String())) != 1 || len(tunable("go")) != 0 {
		t.Error("tunable lists the wrong sets")
	}
	for _, bad := range [][]string{{"-elem", "f16"}, {"-isa", "sse"}, {"-time", "0s"}, {"gemm"}, {"-x"}} {
		_, err := parseTune(bad, io.Discard)
		assert.Error(t, err, "%v", bad)
	}
	if len(tunable(kernels.ISA())) == 0 {
		return
	}
	opts, err := parseTune([]string{"-elem", "f32", "-isa", "avx2", "-time", "5ms"}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, tuneOptions{5 * time.Millisecond, []string{"f32"}, []string{"avx2"}}, opts)
}

func TestFindRoot(t *testing.T) {
	here, err := os.Getwd()
	require.NoError(t, err)
	root, err := findRoot(here)
	require.NoError(t, err)
	assert.FileExists(t, filepath.Join(root, "gen", "override.go"))
	_, err = findRoot(t.TempDir())
	assert.ErrorContains(t, err, "not in the repository")
}

// Every tile is built, runs, and differs from the others of its set.
func TestTileWorkers(t *testing.T) {
	sets := tunable(kernels.ISA())
	switch {
	case testing.Short():
		t.Skip("builds a program for each tile; -short was given")
	case len(sets) == 0:
		t.Skipf("no tiles to choose from on %s", kernels.ISA())
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	root, err := findRoot(here)
	require.NoError(t, err)
	shop, err := openWorkshop(t.Context(), root)
	require.NoError(t, err)
	defer shop.close()
	for _, isa := range sets {
		row, err := tableKernel(isa, "f64")
		require.NoError(t, err)
		seen := map[[sha256.Size]byte]string{}
		for _, c := range tileCandidates([]asm.Kernel{row}) {
			program, err := shop.build(c)
			require.NoError(t, err, "%s %s", isa, c.name)
			text, err := os.ReadFile(program)
			require.NoError(t, err)
			sum := sha256.Sum256(text)
			assert.Empty(t, seen[sum], "%s %s is the same program", isa, c.name)
			seen[sum] = c.name

			w, err := startWorker(t.Context(), program, isa)
			require.NoError(t, err)
			_, err = w.measure("f64", shape{33, 65, 40}, time.Microsecond)
			assert.NoError(t, err, "%s %s", isa, c.name)
			assert.NoError(t, w.stop(), "%s %s", isa, c.name)
		}
	}
}
