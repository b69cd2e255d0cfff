package kernels

import "github.com/lanes-go/lanes/asm"

// secularInAssembly goes for all three loops: they come together.
var secularInAssembly = inAssembly("secsums")

// SecularSums returns the two halves of Σ weight[j]/(pole[j]-λ) and of its
// derivative in λ = origin + shift: psi over the poles below λ, phi over those
// above. No pole equals λ.
func SecularSums[T Float](pole, weight []T, origin, shift T) (psi, psiSlope, phi, phiSlope T) {
	if len(pole) != len(weight) {
		panicLengths("SecularSums", len(pole), len(weight))
	}
	var sums [4]T
	switch {
	case !secularInAssembly:
		return secularSumsGo(pole, weight, origin, shift)
	case is64[T]():
		asm.SecsumsF64(isa, len(pole), f64p(pole), f64p(weight), float64(origin), float64(shift), f64p(sums[:]))
	default:
		asm.SecsumsF32(isa, len(pole), f32p(pole), f32p(weight), float32(origin), float32(shift), f32p(sums[:]))
	}
	return sums[0], sums[1], sums[2], sums[3]
}

// SecularProduct multiplies each product[j] by (pole[j]-λ)/(pole[j]-own), λ =
// origin + shift. Where pole[j] equals own the product is undefined.
func SecularProduct[T Float](pole []T, origin, shift, own T, product []T) {
	if len(pole) != len(product) {
		panicLengths("SecularProduct", len(pole), len(product))
	}
	switch {
	case !secularInAssembly:
		secularProductGo(pole, origin, shift, own, product)
	case is64[T]():
		asm.SecproductF64(isa, len(pole), f64p(pole), float64(origin), float64(shift), float64(own), f64p(product))
	default:
		asm.SecproductF32(isa, len(pole), f32p(pole), float32(origin), float32(shift), float32(own), f32p(product))
	}
}

// SecularVector sets dst[j] = zhat[j]/(pole[j]-λ), λ = origin + shift, and
// returns the sum of their squares.
func SecularVector[T Float](pole, zhat []T, origin, shift T, dst []T) (squares T) {
	if len(pole) != len(zhat) || len(pole) != len(dst) {
		panicLengths("SecularVector", len(pole), len(dst))
	}
	switch {
	case !secularInAssembly:
		return secularVectorGo(pole, zhat, origin, shift, dst)
	case is64[T]():
		return T(asm.SecvectorF64(isa, len(pole), f64p(pole), f64p(zhat), f64p(dst), float64(origin), float64(shift)))
	default:
		return T(asm.SecvectorF32(isa, len(pole), f32p(pole), f32p(zhat), f32p(dst), float32(origin), float32(shift)))
	}
}

func secularSumsGo[T Float](pole, weight []T, origin, shift T) (psi, psiSlope, phi, phiSlope T) {
	weight = weight[:len(pole)]
	for j, p := range pole {
		r := 1 / (p - origin - shift)
		t := weight[j] * r
		if r < 0 {
			psi += t
			psiSlope += t * r
		} else {
			phi += t
			phiSlope += t * r
		}
	}
	return psi, psiSlope, phi, phiSlope
}

func secularProductGo[T Float](pole []T, origin, shift, own T, product []T) {
	product = product[:len(pole)]
	for j, p := range pole {
		product[j] *= (p - origin - shift) / (p - own)
	}
}

func secularVectorGo[T Float](pole, zhat []T, origin, shift T, dst []T) (squares T) {
	zhat, dst = zhat[:len(pole)], dst[:len(pole)]
	for j, p := range pole {
		v := zhat[j] / (p - origin - shift)
		dst[j] = v
		squares += v * v
	}
	return squares
}
