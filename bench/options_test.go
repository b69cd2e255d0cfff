package main

import (
	"bytes"
	"flag"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDefaults(t *testing.T) {
	t.Setenv(librariesVar, "")
	opts, err := parseOptions(nil, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "table", opts.format)
	require.Equal(t, 1, opts.threads)
	require.Equal(t, []string{"f32", "f64"}, opts.elems)
	var names []string
	for _, g := range opts.groups {
		names = append(names, g.name)
	}
	require.Equal(t, []string{"info", "gemm", "level1", "eig", "svd", "ml"}, names)
	require.Nil(t, opts.sizes)
	require.Empty(t, opts.libraries)
}

func TestFlagsAndGroupsMix(t *testing.T) {
	t.Setenv(librariesVar, "/a/libx.so")
	opts, err := parseOptions([]string{"gemm", "-json", "info", "-sizes", "8,2x3x4", "-time", "1s", "-elem", "f64", "-lib", "/b/liby.so"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "json", opts.format)
	require.Equal(t, time.Second, opts.time)
	require.Equal(t, []string{"f64"}, opts.elems)
	require.Equal(t, []shape{{8, 8, 8}, {2, 3, 4}}, opts.productsAsked())
	require.Equal(t, []string{"/b/liby.so", "/a/libx.so"}, opts.libraries)
	require.Equal(t, "info", opts.groups[0].name, "groups run in their own order")
	require.Equal(t, "gemm", opts.groups[1].name)
}

func TestSizesOfDecompositions(t *testing.T) {
	opts, err := parseOptions([]string{"svd", "-sizes", "8,30x40"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, [][2]int{{8, 8}, {30, 40}}, opts.matricesAsked())
	opts, err = parseOptions([]string{"eig", "gemm", "-sizes", "8,30"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, []int{8, 30}, opts.ordersAsked())
}

func TestBadCommandLines(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown group "lu"`:                    {"gemm", "lu"},
		"flag provided but not defined: -fast":  {"-fast"},
		`-format "xml": want table, go or json`: {"-format", "xml"},
		`-elem "f16": want f32 or f64`:          {"-elem", "f16"},
		"-threads 0: want 1 to":                 {"-threads", "0"},
		"-threads 100000: want 1 to":            {"-threads", "100000"},
		"-time -1s: want more than 0":           {"-time", "-1s"},
		`"1x2": gemm takes n or mxnxk`:          {"-sizes", "1x2"},
		`"2x3x4": eig takes n`:                  {"eig", "-sizes", "8,2x3x4"},
		`"2x3x4": svd takes n or mxn`:           {"svd", "-sizes", "2x3x4"},
		"level1 has sizes of its own":           {"level1", "-sizes", "8"},
		"batch has sizes of its own":            {"eig", "batch", "-shapes", "all"},
		`-shapes "most": want all`:              {"-shapes", "most"},
		`"0": want whole numbers`:               {"-sizes", "8,0"},
		`"": want whole numbers`:                {"-sizes", "8,"},
		"has more than":                         {"-sizes", "100000"},
		"invalid value":                         {"-time", "soon"},
	} {
		_, err := parseOptions(args, io.Discard)
		require.ErrorContains(t, err, want, args)
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	_, err := parseOptions([]string{"gemm", "-h"}, &out)
	require.ErrorIs(t, err, flag.ErrHelp)
	for _, want := range []string{"-threads", "-format", "-lib", "benchstat", "OPENBLAS_CORETYPE"} {
		require.Contains(t, out.String(), want)
	}
	for _, g := range allGroups() {
		require.Contains(t, out.String(), g.about)
	}
	require.NotContains(t, out.String(), "%!")
}
