package main

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strconv"
	"strings"
)

func itoa(i int) string { return strconv.Itoa(i) }

func concat(lists ...[]Spec) []Spec { return slices.Concat(lists...) }

// signature is the Go view of an operation. Pointers are to T; body is the
// equivalent loop, for the stub's comment.
type signature struct {
	op, params, result, body string
}

var signatures = []signature{
	{"gemm", "args *GemmArgs[T]", "", "C = A*B, and what Mode adds to it, for one block"},
	{"gemmtiny", "alpha T, a, b *Matrix[T], beta T, c *Matrix[T]", "", "C = alpha*A*B + beta*C without reading C where beta is 0; no dimension is 0, and C is at most TinyVecs vectors wide"},
	{"axpy", "n int, alpha T, x, y *T", "", "for i := range n { y[i] += alpha * x[i] }"},
	{"dot", "n int, x, y *T", "T", "for i := range n { s += x[i] * y[i] }; return s"},
	{"scal", "n int, alpha T, x *T", "", "for i := range n { x[i] *= alpha }"},
	{"rot", "n int, x, y *T, c, s T", "", "for i := range n { x[i], y[i] = c*x[i]+s*y[i], c*y[i]-s*x[i] }"},
	{"swap", "n int, x, y *T", "", "for i := range n { x[i], y[i] = y[i], x[i] }"},
	{"asum", "n int, x *T", "T", "for i := range n { s += abs(x[i]) }; return s"},
	{"sumsq", "n int, x *T", "T", "for i := range n { s += x[i] * x[i] }; return s"},
	{"iamax", "n int, x *T", "int", "the first i of the largest abs(x[i]), NaN above Inf; n > 0"},
	{"rowmax", "m, n int, a *T, lda int, y *T", "", "for i := range m { y[i] = the largest abs(a[i*lda+j]), NaN above Inf }; m, n > 0"},
	{"triple", "n int, x, y, sums *T", "", "for i := range n { s0 += x[i]*x[i]; s1 += y[i]*y[i]; s2 += x[i]*y[i] }; sums = s0, s1, s2"},
	{"gemvn", "m, n int, a *T, lda int, x, y *T", "", "for i := range m { y[i] = dot(a[i*lda:i*lda+n], x) }"},
	{"gemvt", "m, n int, a *T, lda int, x, y *T", "", "for i := range m { for j := range n { y[j] += x[i] * a[i*lda+j] } }"},
	{"gemvnt", "m, n int, alpha T, a *T, lda int, x, y, out, factor *T", "", "for i := range m { out[i] += alpha * dot(a[i*lda:i*lda+n], x); factor[i] -= out[i]; for j := range n { y[j] += factor[i] * a[i*lda+j] } }"},
	{"ger", "m, n int, a *T, lda int, x, y *T", "", "for i := range m { for j := range n { a[i*lda+j] += x[i] * y[j] } }"},
	{"transpose", "m, n int, src *T, ss int, dst *T, ds int", "", "for i := range m { for j := range n { dst[j*ds+i] = src[i*ss+j] } }; m, n > 0"},
	{"lacpy", "m, n int, src *T, ss int, dst *T, ds int", "", "for i := range m { for j := range n { dst[i*ds+j] = src[i*ss+j] } }; m, n > 0"},
	{"symv", "rows, n int, a *T, lda int, x, y *T", "", "y += A*x for the first rows of a symmetric matrix of order n, each entry beyond the diagonal blocks once for its row and once for its column; blocks are 64 bytes of elements, rows and n multiples of that, diagonal blocks hold both triangles; rows > 0"},
	{"secsums", "n int, pole, weight *T, origin, shift T, sums *T", "", "for i := range n { r := 1/(pole[i]-origin-shift); s, d := weight[i]*r, weight[i]*r*r; if r < 0 { s0 += s; s1 += d } else { s2 += s; s3 += d } }; sums = s0, s1, s2, s3"},
	{"secproduct", "n int, pole *T, origin, shift, own T, product *T", "", "for i := range n { product[i] *= (pole[i]-origin-shift) / (pole[i]-own) }"},
	{"secvector", "n int, pole, zhat, dst *T, origin, shift T", "T", "for i := range n { dst[i] = zhat[i] / (pole[i]-origin-shift); s += dst[i]*dst[i] }; return s"},
	{"tridiag", "first, last, n int, a *T, lda int, d, e, tau, work *T", "", "for i := first; i < last; i++ { d[i] = a[i][i]; find the reflector I - tau[i]*v*vᵀ that leaves e[i] alone of a[i][i+1:n]; a[i] = v, with v[i+1] = 1; apply it to both sides of a[i+1:n][i+1:n] }; a holds both triangles, its rows are whole vectors and zero behind n; of row last the next call applies the last reflector, in what work keeps of it, which is three rows and zero before the first; rows of a keep other entries before i+1 than zero; 0 <= first < last < n"},
	{"ormtr", "n, cols int, a *T, lda int, tau, q *T, ldq int", "", "for i := range n-1 { v := a[i][:n], zero before i+1 and 1 there; q -= tau[i]*v*(vᵀ*q) }; q has n rows of whole vectors; tau[n-2] = 0; n > 1"},
	{"qlsweep", "k int, d, e *float64, shift float64, work *float64, c, s *T", "int", "one QL sweep on the tridiagonal matrix d[:k+1], e[:k] from the bottom up: of rotation j, in the plane of rows j and j+1, cosine and sine; return 0, and leave d and e, where scaled minors leave the range of normal numbers, else 1; c and s hold 8 elements more than k, work holds 2*k+42; k > 0"},
	{"rotrows", "k, n int, z *T, ldz int, c, s *T", "", "for j := k-1; j >= 0; j-- { for i := range n { x, y := z[j+1][i], z[j][i]; z[j+1][i], z[j][i] = c[j]*x+s[j]*y, c[j]*y-s[j]*x } }; k > 0"},
	{"qd", "n int, shift float64, q, e, nextQ, nextE, state *float64", "int", "p, r, d0, e0 := state; for i := range n { s := e[i]*r + p; p = (q[i]-shift)*p - shift*e[i]*r; nextQ[i], nextE[i] = s/r, q[i]*e[i]*r/s; r = s; d0, e0 = min(d0, p/r), min(e0, nextE[i]) }; state = p, r, d0, e0, p and r scaled by a power of 2; return n, or a multiple of 8 after which r leaves the range from 2^-480 to 2^480 within 8 entries, with the state then"},
	{"turns", "n int, scale, sign float64, ratio *float64, a, b, first, second *T, sums *float64", "", "for i := range n { t := scale*ratio[i]; u := (t*a[i]+b[i]) / (sign*(1-t*t)); first[i] += u; second[i] += t*u; s0 += u*u; s1 += t*u*t*u }; sums = s0, s1; what is added is rounded to a multiple of 2^-62; n is a multiple of 8"},
	{"waxpy", "n int, alpha float64, x *T, y, w *float64", "", "for i := range n { w[i] = alpha*x[i] + y[i] }; n is a multiple of 8"},
	{"narrow", "n int, coarse float64, x *float64, dst *float32", "", "for i := range n { dst[i] = (x[i] + coarse) - coarse }; n is a multiple of 8"},
	{"addwide", "n int, x *float32, y *float64", "", "for i := range n { y[i] += x[i] }; n is a multiple of 8"},
	{"symjacobi", "n, fresh, sweeps int, tol float64, a, d, x, y *float64", "int", "diagonalise a symmetric matrix of order n, 4 or 8, by at most sweeps sweeps of two-sided Jacobi rotations. x holds the matrix, zero for its diagonal d, then the rows of the vectors V, which turn as its own do; y is as long, and what x is to become stands there where the sweeps are odd. Unless fresh is 0, begin with a and the identity; else go on. With o the sum of squares off the diagonal before a sweep and all that of a, stop where o <= tol*all. Leave in d[:n+3] the diagonal, o, all and the number of rotations, in d[n+3:n+5] what it needs to go on, in d[n+5:2*n+5] the products V'[i]*(a*V'[i]) with V' = V + V*(I-VᵀV)/2, and V' itself in the other of x and y behind n*n entries. Return the sweeps"},
	{"jacobi", "rounds, batch, real int, first, pairs *int32, rows *T, dot, row int, count, last int, tol, floor T, work *T", "int", "for p, q in pairs (byte offsets of rows) { g, a, b := x_p*x_q, x_p*x_p, x_q*x_q, x being the first dot bytes of a row; if min(a, b) > floor { c := g*g/(a*b); work[lane] = max(work[lane], c); if c > tol { rotate rows p and q, row bytes each, so that g becomes 0; count++ } } }; return count; pairs come in rounds of batch bytes, disjoint within the first real bytes of one, in groups of one pair to a lane; a sweep begins with the round at first and ends with a call of last != 0, and lengths are kept in between; dot and row are whole vectors; work holds a vector, eight, eight for each group and eight, the last two of each group being the lanes in it and beside it that the rows of the next round come from"},
	{"lanejacobi", "batches, batch, n int, first, pairs *int32, delta int, rows, state *T, dot, row, last int, tol T, work *T", "", "for every lane, in a matrix of its own, for p, q in pairs (byte offsets of rows) { g, a, b := x_p*x_q, x_p*x_p, x_q*x_q, x being the first dot bytes of a row; if min(a, b) > floor { c := g*g/(a*b); off = max(off, c); if c > tol { rotate rows p and q, row bytes each, so that g becomes 0; count++ } } }; pairs come in batches of batch bytes, disjoint within one, and delta bytes after them the offsets of the rows in state, two vectors for each of n rows; a sweep begins with the batch at first and ends with a call of last != 0; dot and row are even numbers of vectors, dot > 0; work holds the vectors off, count and floor, and three for each pair of a batch"},
	{"lanerayleigh", "rows, n, row int, w, a, d *T", "", "for every lane, in a matrix of its own, for i := range rows { w_i /= |w_i|; d[i] = w_i*(A*w_i) }, without negative zeros in w; rows of w and of the symmetric A are row bytes, an even number of vectors, zero behind n; A has n rows, and a zero row more where n is odd"},
	{"exp", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = exp(v) }; bias may be nil, dst may be x"},
	{"relu", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = max(v, 0) }; bias may be nil, dst may be x"},
	{"leakyrelu", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = max(v, 0.01*v) }; bias may be nil, dst may be x"},
	{"gelu", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = v * Φ(v) }; bias may be nil, dst may be x"},
	{"gelutanh", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = v * sigmoid(√(8/π)*(v+0.044715*v*v*v)) }; bias may be nil, dst may be x"},
	{"silu", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = v * sigmoid(v) }; bias may be nil, dst may be x"},
	{"tanh", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = tanh(v) }; bias may be nil, dst may be x"},
	{"sigmoid", "n int, x, bias, dst *T", "", "for i := range n { v := x[i] + bias[i]; dst[i] = 1 / (1+exp(-v)) }; bias may be nil, dst may be x"},
	{"relugrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * relu'(z[i]) }; dst may be dy or z"},
	{"leakyrelugrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * leakyrelu'(z[i]) }; dst may be dy or z"},
	{"gelugrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * gelu'(z[i]) }; dst may be dy or z"},
	{"gelutanhgrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * gelutanh'(z[i]) }; dst may be dy or z"},
	{"silugrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * silu'(z[i]) }; dst may be dy or z"},
	{"tanhgrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * tanh'(z[i]) }; dst may be dy or z"},
	{"sigmoidgrad", "n int, dy, z, dst *T", "", "for i := range n { dst[i] = dy[i] * sigmoid'(z[i]) }; dst may be dy or z"},
	{"sumexp", "n int, x, dst *T, shift T", "T", "for i := range n { dst[i] = exp(x[i]-shift); s += dst[i] }; return s; dst may be x"},
	{"maxnum", "n int, x *T", "T", "the largest x[i] that is no NaN, -Inf where there is none"},
	{"fmaloop", "n int", "", "for range n { 24 fused multiply-adds of full vectors }; n > 0"},
}

func typed(s string, elem Elem) string {
	s = strings.ReplaceAll(s, "[T]", "["+elem.Go+"]")
	s = strings.ReplaceAll(s, "*T", "*"+elem.Go)
	for _, end := range []string{",", ""} {
		s = strings.ReplaceAll(s, " T"+end, " "+elem.Go+end)
	}
	if s == "T" {
		return elem.Go
	}
	return s
}

func goFile(constraint string, body func(*bytes.Buffer)) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// %s\n\n", header)
	if constraint != "" {
		fmt.Fprintf(&b, "//go:build %s\n\n", constraint)
	}
	fmt.Fprintf(&b, "package asm\n\n")
	body(&b)
	return format.Source(b.Bytes())
}

const withAsm = "!purego && !noasm"

// stubsFile declares every kernel of an architecture to Go.
func stubsFile(arch string) ([]byte, error) {
	return goFile(withAsm, func(b *bytes.Buffer) {
		for _, sig := range signatures {
			fmt.Fprintf(b, "// %s: %s\n\n", sig.op, sig.body)
			for _, s := range written(of(arch)) {
				if s.Op == sig.op {
					fmt.Fprintf(b, "//go:noescape\nfunc %s(%s) %s\n\n", s.Name(), typed(sig.params, s.Elem), typed(sig.result, s.Elem))
				}
			}
		}
	})
}

// tableFile writes the rows of an architecture.
func tableFile(arch string) ([]byte, error) {
	return goFile(withAsm, func(b *bytes.Buffer) {
		b.WriteString("// Table lists the kernels of this build, the best ISA first.\nvar Table = []Kernel{\n")
		for _, s := range of(arch) {
			fmt.Fprintf(b, "\t{Op: %q, ISA: %s, Elem: %q", s.Op, isaConst(s.ISA), s.Elem.Name)
			if s.MR > 0 {
				fmt.Fprintf(b, ", MR: %d, NR: %d, Tallest: %d, Lanes: %d, MC: %d, KC: %d, NC: %d", s.MR, s.NR(), s.Tallest(), s.ISA.Width/s.Elem.Size, s.MC, s.KC, s.NC)
				if s.Extended() {
					b.WriteString(", Extended: true")
				}
			}
			if s.Narrow() > 0 {
				fmt.Fprintf(b, ", Narrow: %d", s.Narrow())
			}
			b.WriteString("},\n")
		}
		b.WriteString("}\n")
	})
}

// withoutAsm is the constraint of the builds that have no assembly.
func withoutAsm() string {
	return "purego || noasm || (!" + strings.Join(Arches, " && !") + ")"
}

// noTableFile stands in where a build has no assembly.
func noTableFile() ([]byte, error) {
	return goFile(withoutAsm(), func(b *bytes.Buffer) {
		b.WriteString("// Table lists the kernels of this build: none.\nvar Table []Kernel\n")
	})
}

func isaConst(i *ISA) string { return strings.ToUpper(i.Name) }

// parameter is one name of a parameter list and its type.
type parameter struct{ name, typ string }

// parameters splits a list; in "x, y *T" both names have the type.
func parameters(list string) []parameter {
	parts := strings.Split(list, ", ")
	out := make([]parameter, len(parts))
	typ := ""
	for i := len(parts) - 1; i >= 0; i-- {
		name, t, found := strings.Cut(parts[i], " ")
		if found {
			typ = t
		}
		out[i] = parameter{name, typ}
	}
	return out
}

// argNames turns a parameter list into an argument list.
func argNames(params string) string {
	var names []string
	for _, p := range parameters(params) {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

func signatureOf(op string) signature {
	for _, s := range signatures {
		if s.op == op {
			return s
		}
	}
	panic(op)
}
