package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWorkBeyond32Bits: a product is not small because the number of its
// multiply-adds is, modulo 2^32.
func TestWorkBeyond32Bits(t *testing.T) {
	p := Product[float64]{M: 1 << 11, N: 1 << 11, K: 1 << 11, ACol: 1, BCol: 1, BRow: 1 << 11}
	require.Equal(t, int64(1)<<33, p.work(p.K))
	require.False(t, p.inPlace(gemm64))
	p = Product[float64]{M: 1 << 8, N: 1 << 16, K: 2, ACol: 1, Packed: new(Packed[float64])}
	require.False(t, p.inPlace(gemm64))
}
