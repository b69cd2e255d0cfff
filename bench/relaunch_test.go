package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFairEnvironment(t *testing.T) {
	t.Setenv(keepVar, "")
	user := []string{"HOME=/home", "OPENBLAS_CORETYPE=Prescott", "OPENBLAS_L2_SIZE=1", "OMP_NUM_THREADS=9", "BLIS_JC_NT=4", "BLIS_ARCH_TYPE=7"}
	got := fairEnvironment(user, "avx2", "3", 2)
	for _, want := range []string{
		"HOME=/home", "OPENBLAS_CORETYPE=Haswell", "OPENBLAS_NUM_THREADS=2", "OMP_NUM_THREADS=2",
		"BLIS_NUM_THREADS=2", "BLIS_ARCH_TYPE=3", relaunchedVar + "=1", "LIBXSMM_TARGET=hsw",
	} {
		require.Contains(t, got, want)
	}
	for _, gone := range append(user[1:], "BLIS_JC_NT=", "OPENBLAS_L2_SIZE=") {
		require.NotContains(t, got, gone)
	}
	require.Contains(t, fairEnvironment(user, "avx512", "", 1), "OPENBLAS_CORETYPE=SkylakeX")
	other := fairEnvironment(user, "neon", "", 1)
	require.False(t, slices.ContainsFunc(other, func(s string) bool { return s == user[1] || s == "BLIS_ARCH_TYPE=" }))
}

func TestKeptEnvironment(t *testing.T) {
	t.Setenv(keepVar, "1")
	user := []string{"OPENBLAS_CORETYPE=Prescott", "OMP_NUM_THREADS=9"}
	require.Equal(t, append(slices.Clone(user), relaunchedVar+"=1"), fairEnvironment(user, "avx512", "", 1))
}
