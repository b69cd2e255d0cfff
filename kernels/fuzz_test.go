package kernels_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
)

// finite returns the finite numbers of moderate size among the bytes of data,
// so that no product overflows or underflows in either element type.
func finite[T kernels.Float](data []byte) []T {
	var x []T
	for ; len(data) >= 4; data = data[4:] {
		v := float64(math.Float32frombits(binary.LittleEndian.Uint32(data)))
		if a := math.Abs(v); v == 0 || a > 0x1p-40 && a < 0x1p40 {
			x = append(x, T(v))
		}
	}
	return x
}

func seedVectors(f *testing.F) {
	for _, n := range []int{0, 4, 8, 60, 64, 68, 260, 1030} {
		data := make([]byte, 2*n)
		for i := range data {
			data[i] = byte(i*i + 37*i + 63)
		}
		f.Add(data, byte(n))
	}
}

func FuzzDot(f *testing.F) {
	seedVectors(f)
	f.Fuzz(func(t *testing.T, data []byte, skip byte) {
		fuzzDot[float32](t, data, int(skip))
		fuzzDot[float64](t, data, int(skip))
	})
}

func fuzzDot[T kernels.Float](t *testing.T, data []byte, skip int) {
	x, y := halves[T](data, skip)
	want := oracle.Dot(x, y)
	within(t, want.Error(float64(kernels.Dot(x, y))), oracle.Gamma[T](len(x))*want.Abs(), 0, len(x))
}

// halves returns two vectors of equal length that begin off alignment.
func halves[T kernels.Float](data []byte, skip int) (x, y []T) {
	v := finite[T](data)
	v = v[min(skip, len(v)):]
	n := len(v) / 2
	return v[:n], v[n : 2*n]
}

func FuzzAxpyRot(f *testing.F) {
	seedVectors(f)
	f.Fuzz(func(t *testing.T, data []byte, skip byte) {
		fuzzAxpyRot[float32](t, data, int(skip))
		fuzzAxpyRot[float64](t, data, int(skip))
	})
}

func fuzzAxpyRot[T kernels.Float](t *testing.T, data []byte, skip int) {
	x, y := halves[T](data, skip%16)
	x0, y0 := slices.Clone(x), slices.Clone(y)
	alpha := T(skip-100) / 16
	gamma := oracle.Gamma[T](2)
	kernels.Axpy(alpha, x, y)
	for i := range y {
		want := oracle.Axpby(alpha, x0[i], 1, y0[i])
		within(t, want.Error(float64(y[i])), gamma*want.Abs(), i, len(y))
	}
	copy(y, y0)
	kernels.Rot(x, y, alpha, 0.75)
	for i := range y {
		wantX, wantY := oracle.Axpby(alpha, x0[i], 0.75, y0[i]), oracle.Axpby(alpha, y0[i], -0.75, x0[i])
		within(t, wantX.Error(float64(x[i])), gamma*wantX.Abs(), i, len(x))
		within(t, wantY.Error(float64(y[i])), gamma*wantY.Abs(), i, len(y))
	}
}
