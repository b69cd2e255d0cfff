package mat_test

import (
	"fmt"
	"testing"

	"github.com/lanes-go/lanes/mat"
)

// benchFactor times a call on one thread and reports it against its flop count.
func benchFactor(b *testing.B, name string, flops float64, call func()) {
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
			call()
		}
		b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}

func benchmarkFactor[T mat.Float](b *testing.B) {
	defer mat.SetMaxThreads(mat.SetMaxThreads(1))
	for _, s := range [][2]int{{32, 32}, {100, 100}, {300, 300}, {1000, 1000}, {10000, 64}} {
		m, n := s[0], s[1]
		b.Run(fmt.Sprintf("%dx%d", m, n), func(b *testing.B) {
			benchOrthogonal[T](b, m, n)
			if m == n {
				benchTriangular[T](b, n)
			}
		})
	}
}

// benchOrthogonal has AᵀA beside the factorizations: what products reach.
func benchOrthogonal[T mat.Float](b *testing.B, m, n int) {
	a := random[T](newRand(), m, n)
	flops := 2 * float64(n) * float64(n) * (float64(m) - float64(n)/3)
	c := mat.NewDense[T](n, n, nil)
	benchFactor(b, "Gemm", 2*float64(m*n*n), func() { mat.Gemm(mat.Trans, mat.NoTrans, 1, a, a, 0, c) })
	var qr mat.QR[T]
	var qrp mat.QRP[T]
	var tsqr mat.TSQR[T]
	var q mat.Dense[T]
	benchFactor(b, "QR", flops, func() { qr.Factorize(a) })
	benchFactor(b, "QR.QTo", flops, func() { qr.QTo(&q) })
	benchFactor(b, "QRP", flops, func() { qrp.Factorize(a) })
	benchFactor(b, "TSQR", flops, func() { tsqr.Factorize(a) })
}

func benchTriangular[T mat.Float](b *testing.B, n int) {
	_, a := definite[T](n)
	x, u := a.Clone(), unitMatrix[T](n)
	cube := float64(n * n * n)
	var chol mat.Cholesky[T]
	benchFactor(b, "Cholesky", cube/3, func() { _ = chol.Factorize(a) })
	benchFactor(b, "Trsm.Left", cube, func() { mat.Trsm(mat.Left, mat.Upper, mat.Trans, mat.NonUnit, 1, u, x) })
	benchFactor(b, "Trsm.Right", cube, func() { mat.Trsm(mat.Right, mat.Upper, mat.NoTrans, mat.NonUnit, 1, u, x) })
}

func BenchmarkFactor(b *testing.B) {
	b.Run("float32", benchmarkFactor[float32])
	b.Run("float64", benchmarkFactor[float64])
}
