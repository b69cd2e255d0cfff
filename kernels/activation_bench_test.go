package kernels_test

import (
	"fmt"
	"testing"

	"github.com/lanes-go/lanes/kernels"
)

// BenchmarkFunction takes 1000 entries in L1; "math" is a loop over package
// math, as one would write it.
func BenchmarkFunction(b *testing.B) {
	for _, f := range functions() {
		b.Run(f.name+"/f32", func(b *testing.B) { benchmarkFunction(b, f.single) })
		b.Run(f.name+"/f64", func(b *testing.B) { benchmarkFunction(b, f.double) })
		b.Run(f.name+"/math", func(b *testing.B) {
			benchmarkFunction(b, func(dst, x []float64) {
				for i, v := range x {
					dst[i] = f.ref(v)
				}
			})
		})
	}
	for name, act := range map[string]kernels.Activation{"relu": kernels.ReLU, "leakyrelu": kernels.LeakyReLU} {
		b.Run(name+"/f32", func(b *testing.B) {
			benchmarkFunction(b, func(dst, x []float32) { kernels.ActivateBias(act, dst, x, nil) })
		})
	}
	b.Run("softmax/f32", func(b *testing.B) { benchmarkFunction(b, kernels.Softmax[float32]) })
	b.Run("softmax/f64", func(b *testing.B) { benchmarkFunction(b, kernels.Softmax[float64]) })
	b.Run("gelugrad/f32", func(b *testing.B) {
		benchmarkFunction(b, func(dst, x []float32) { kernels.ActivateGrad(kernels.GELU, dst, x, x) })
	})
}

func benchmarkFunction[T kernels.Float](b *testing.B, f func(dst, x []T)) {
	x, dst := make([]T, 1000), make([]T, 1000)
	random(newRand(), x)
	for b.Loop() {
		f(dst, x)
	}
	b.ReportMetric(float64(b.N)*1000/float64(b.Elapsed().Nanoseconds()), "elements/ns")
}

// BenchmarkEpilogue is a prepacked product with what may follow it, on one
// thread.
func BenchmarkEpilogue(b *testing.B) {
	for _, s := range [][3]int{{64, 256, 784}, {1024, 1024, 1024}} {
		for _, act := range []kernels.Activation{kernels.Identity, kernels.ReLU, kernels.GELU, kernels.Identity} {
			b.Run(fmt.Sprintf("%dx%dx%d/%d", s[0], s[1], s[2], act), func(b *testing.B) {
				benchmarkEpilogue(b, s[0], s[1], s[2], act)
			})
		}
	}
}

func benchmarkEpilogue(b *testing.B, m, n, k int, act kernels.Activation) {
	p := kernels.Product[float32]{
		M: m, N: n, K: k, Alpha: 1, A: make([]float32, m*k), ARow: k, ACol: 1,
		C: make([]float32, m*n), CRow: n, Act: act,
	}
	weights := make([]float32, k*n)
	random(newRand(), p.A)
	random(newRand(), weights)
	p.Packed = kernels.Pack(k, n, weights, n, 1)
	if act != kernels.Identity {
		p.Bias = make([]float32, n)
	}
	var w kernels.Workspace[float32]
	for b.Loop() {
		w.Gemm(1, &p)
	}
}
