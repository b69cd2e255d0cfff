package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// qlSweep does one QL sweep with an explicit shift on a symmetric tridiagonal
// matrix, in double precision for either element. A scalar recurrence without a
// division, which takes a multiply-add's latency a row, goes up the rows and leaves
//
//	Y(j) = (d(j) - shift)·Y(j+1) - e(j)²·Y(j+2)   Y(k+1) = 1, Y(k) = d(k) - shift
//	W(j) = Y(j+1)² + e(j)²·W(j+1)                 W(k) = 1
//
// in which the pivot of the sweep before rotation j is Y(j+1)/√W(j+1), so that
// C(j) = Y(j+1)/√W(j), S(j) = e(j)·√W(j+1)/√W(j) and, with g(j) =
// Y(j)·Y(j+1)/W(j), the new matrix is
//
//	d(j+1) = g(j+1) + d(j) - g(j)   e(j) = S(j)·√W(j-1)/√W(j)   d(0) = shift + g(0)
//
// with Y(0) for √W(-1). All that is work for vectors, a block of rows at a time
// while the recurrence is at the next. Y and W go to their lanes by registers: a
// vector that is loaded soon after its scalars were stored waits until these have
// retired, and everything with it. What a row needs of the one below comes from
// the lanes of the block before.
//
// A step of C += C·(1 - C² - S²)/2, alike for S, leaves little but the rounding of
// C and S itself in the length of what they rotate.
type qlSweep struct {
	*emitter
	narrow Elem
}

var (
	qlK, qlD, qlE  = reg.RDX, reg.RSI, reg.RDI
	qlOldD, qlOldE = reg.R10, reg.R11
	qlC, qlS       = reg.R12, reg.R13
	qlJ, qlRows    = reg.RBX, reg.R14
	qlHalf         = reg.R15 // where a vector of halves is
)

// Scalars of the recurrence, what a block leaves to the next, a one in every lane,
// and what is left.
const (
	qlMinor, qlLast, qlSquare, qlShift, qlLeast = 0, 1, 2, 3, 4
	qlRootBelow, qlGBelow, qlUBelow, qlYBelow   = 5, 6, 7, 8
	qlOne, qlTemp                               = 9, 10
)

// qlRange bounds the squares W from below: their roots and those of quotients are
// normal numbers. What is too large becomes infinite.
const qlRange = 0x1p-900

func emitQLSweep(e *emitter, s Spec) {
	wide := *e
	wide.elem = f64
	q := qlSweep{&wide, e.elem}
	e.text(s.Name(), "func(k int, d, e *float64, shift float64, work *float64, c, s *"+e.elem.Go+") int")
	e.Load(e.Param("k"), qlK)
	e.Load(e.Param("d"), qlD)
	e.Load(e.Param("e"), qlE)
	e.Load(e.Param("work"), qlOldD)
	e.Load(e.Param("c"), qlC)
	e.Load(e.Param("s"), qlS)
	e.LEAQ(Mem{Base: qlK, Disp: 17}, qlJ) // the arrays of the workspace are whole cache lines
	e.ANDQ(I32(-8), qlJ)
	e.LEAQ(Mem{Base: qlOldD, Index: qlJ, Scale: 8}, qlOldE)
	e.LEAQ(Mem{Base: qlOldE, Index: qlJ, Scale: 8}, qlHalf)
	q.begin()
	e.LEAQ(Mem{Base: qlK, Disp: -1}, qlJ) // the first row of the first block
	e.ANDQ(I32(-q.lanes()), qlJ)
	e.MOVQ(qlK, qlRows)
	e.SUBQ(qlJ, qlRows)
	q.block(true)
	e.JMP(LabelRef("next"))
	e.Label("block")
	q.block(false)
	e.Label("next")
	e.SUBQ(I32(q.lanes()), qlJ)
	e.JGE(LabelRef("block"))
	q.end()
	e.ret()
}

func (q qlSweep) at(base reg.Register, disp int) Mem {
	return Mem{Base: base, Index: qlJ, Scale: 8, Disp: 8 * disp}
}

// begin sets what the first block finds of the last row and of those behind it.
func (q qlSweep) begin() {
	q.constant(0.5, qlOne)
	q.store(q.v(qlOne), Mem{Base: qlHalf})
	q.constant(1, qlOne)
	for _, i := range []int{qlLast, qlSquare, qlLeast} {
		q.VMOVAPD(q.x(qlOne), q.x(i))
	}
	q.VMOVAPD(q.v(qlOne), q.v(qlRootBelow))
	q.zero(q.v(qlUBelow))
	q.VMOVSD(q.paramMem("shift"), q.x(qlShift))
	q.VMOVSD(Mem{Base: qlD, Index: qlK, Scale: 8}, q.x(qlMinor))
	q.VSUBSD(q.x(qlShift), q.x(qlMinor), q.x(qlMinor))
	q.VBROADCASTSD(q.x(qlMinor), q.v(qlGBelow))
}

// recurrence goes up the rows of a block, of the first as many as there are, and
// gathers Y and W. Behind those rows Y is that of the last row, then one, then
// either, as nothing depends on it; so it is in the block below, which is none.
func (q qlSweep) recurrence(first bool) (y, w int) {
	const b, x, saved = qlTemp, qlTemp + 1, qlTemp + 3
	const behind = b // until a row takes it
	if first {
		odd := q.label("odd")
		q.VMOVAPD(q.x(qlOne), q.x(saved))
		q.VMOVAPD(q.x(qlOne), q.x(behind))
		q.TESTQ(I32(1), qlRows)
		q.JNZ(LabelRef(odd))
		q.VMOVAPD(q.x(qlMinor), q.x(behind))
		q.Label(odd)
		q.VBROADCASTSD(q.x(behind), q.v(qlYBelow))
	}
	for lane := q.lanes() - 1; lane >= 0; lane-- {
		skip, done := q.label("behind"), q.label("row")
		if first && lane > 0 {
			q.CMPQ(qlRows, I32(lane))
			q.JLE(LabelRef(skip))
		}
		q.row(lane)
		if lane%2 == 1 {
			q.VMOVAPD(q.x(qlSquare), q.x(saved))
			if first {
				q.Label(skip)
			}
			continue
		}
		y, w = saved+1+lane, saved+2+lane
		if !q.isa.Masks { // of few registers
			y, w = b+2*lane, x+2*lane
		}
		q.VUNPCKLPD(q.x(qlLast), q.x(qlMinor), q.x(y))
		q.VUNPCKLPD(q.x(saved), q.x(qlSquare), q.x(w))
		if first && lane > 0 {
			q.JMP(LabelRef(done))
			q.Label(skip)
			q.VUNPCKLPD(q.x(qlOne), q.x(behind), q.x(y))
			q.VMOVAPD(q.x(qlOne), q.x(w))
			q.Label(done)
		}
	}
	return y, w
}

// row is one step of the recurrence.
func (q qlSweep) row(lane int) {
	const b, x, t = qlTemp, qlTemp + 1, qlTemp + 2
	q.VMOVSD(q.at(qlE, lane), q.x(b))
	q.VMULSD(q.x(b), q.x(b), q.x(b))
	q.VMOVSD(q.at(qlD, lane), q.x(x))
	q.VSUBSD(q.x(qlShift), q.x(x), q.x(x))
	q.VMULSD(q.x(b), q.x(qlLast), q.x(t))
	q.VMOVAPD(q.x(qlMinor), q.x(qlLast))
	q.VFMSUB213SD(q.x(t), q.x(x), q.x(qlMinor))
	q.VMULSD(q.x(qlLast), q.x(qlLast), q.x(t))
	q.VFMADD213SD(q.x(t), q.x(b), q.x(qlSquare))
	q.VMINSD(q.x(qlSquare), q.x(qlLeast), q.x(qlLeast))
}

// gathered joins the pairs of lanes.
func (q qlSweep) gathered(low, step int) {
	if !q.isa.Masks {
		q.VINSERTF128(Imm(1), q.x(low+step), q.v(low), q.v(low))
		return
	}
	for i := low; i <= low+2*step; i += 2 * step {
		q.VINSERTF64X2(Imm(1), q.x(i+step), q.v(i).AsY(), q.v(i).AsY())
	}
	q.VINSERTF64X4(Imm(1), q.v(low+2*step).AsY(), q.v(low), q.v(low))
}

// block finds the rotations of a block of rows, and their new entries and one more.
// The topmost rows of a vector that the first block uses in part stay as they are.
func (q qlSweep) block(first bool) {
	y, w := q.recurrence(first)
	var t, s, c, inverse int
	if q.isa.Masks {
		q.gathered(y, 2)
		q.gathered(w, 2)
		t, s, c, inverse = qlTemp, qlTemp+1, qlTemp+2, qlTemp+3
	} else {
		q.gathered(y, 4)
		q.gathered(w, 4)
		t, s, c, inverse = qlTemp+2, qlTemp+3, qlTemp+4, qlTemp+5
	}
	root, g, u := w, y, inverse
	q.VSQRTPD(q.v(w), q.v(root))
	q.VDIVPD(q.v(root), q.v(qlOne), q.v(inverse))
	q.below(y, qlYBelow, c)
	q.mul(q.v(inverse), q.v(c), q.v(c))
	q.mul(q.v(inverse), q.v(y), q.v(g))
	q.mul(q.v(c), q.v(g), q.v(g))
	q.load(q.at(qlE, 0), q.v(s))
	q.store(q.v(s), q.at(qlOldE, 0))
	q.mul(q.v(inverse), q.v(s), q.v(s))
	q.below(root, qlRootBelow, t)
	q.mul(q.v(t), q.v(s), q.v(s))
	nmadd := q.VFNMADD231PD
	q.VMOVAPD(q.v(qlOne), q.v(t))
	nmadd(q.v(c), q.v(c), q.v(t))
	nmadd(q.v(s), q.v(s), q.v(t))
	q.mul(Mem{Base: qlHalf}, q.v(t), q.v(t))
	q.VFMADD213PD(q.v(c), q.v(t), q.v(c))
	q.VFMADD213PD(q.v(s), q.v(t), q.v(s))
	q.mul(q.v(s), q.v(inverse), q.v(u))
	q.rounded(c, qlC)
	q.rounded(s, qlS)
	q.below(u, qlUBelow, t)
	q.mul(q.v(root), q.v(t), q.v(t))
	q.replace(t, root, q.at(qlE, 1), first, 1)
	q.load(q.at(qlD, 0), q.v(s))
	q.store(q.v(s), q.at(qlOldD, 0))
	q.below(g, qlGBelow, t)
	q.VSUBPD(q.v(g), q.v(s), q.v(s))
	q.add(q.v(s), q.v(t), q.v(t))
	q.replace(t, root, q.at(qlD, 1), first, 0)
}

// below leaves in dst each lane's next of register i, that of the last lane being
// the first of the block below, and i for the block above.
func (q qlSweep) below(i, low, dst int) {
	if q.isa.Masks {
		q.VALIGNQ(Imm(1), q.v(i), q.v(low), q.v(dst))
	} else {
		q.VPERM2F128(Imm(0x21), q.v(low), q.v(i), q.v(dst))
		q.VSHUFPD(Imm(5), q.v(dst), q.v(i), q.v(dst))
	}
	q.VMOVAPD(q.v(i), q.v(low))
}

// replace stores register i; of the first block as many lanes as it has rows, less
// so many.
func (q qlSweep) replace(i, t int, m Mem, first bool, less int) {
	if first {
		q.LEAQ(Mem{Base: qlRows, Disp: -less}, reg.RAX)
		q.laneMask(reg.RAX, reg.K1, q.v(t))
		if q.isa.Masks {
			q.VMOVUPD(m, q.v(t))
			q.VMOVAPD(q.v(i), reg.K1, q.v(t))
			q.store(q.v(t), m)
			return
		}
		q.VXORPD(m, q.v(i), q.v(i))
		q.and(q.v(i), q.v(t), q.v(i))
		q.VXORPD(m, q.v(i), q.v(i))
	}
	q.store(q.v(i), m)
}

// rounded stores a vector of cosines or sines.
func (q qlSweep) rounded(i int, base reg.Register) {
	if q.narrow == f64 {
		q.store(q.v(i), q.at(base, 0))
		return
	}
	m := Mem{Base: base, Index: qlJ, Scale: 4}
	if q.isa.Masks {
		q.VCVTPD2PS(q.v(i), q.v(i).AsY())
		q.VMOVUPS(q.v(i).AsY(), m)
	} else {
		q.VCVTPD2PSY(q.v(i), q.x(i))
		q.VMOVUPS(q.x(i), m)
	}
}

// end stores the first entries and whether all W were in range.
func (q qlSweep) end() {
	const t = qlTemp
	q.VMULSD(q.x(qlMinor), q.x(qlUBelow), q.x(t))
	q.VMOVSD(q.x(t), Mem{Base: qlE})
	q.VADDSD(q.x(qlShift), q.x(qlGBelow), q.x(t))
	q.VMOVSD(q.x(t), Mem{Base: qlD})
	q.constant(qlRange, t)
	q.VSUBSD(q.x(qlSquare), q.x(qlSquare), q.x(qlSquare)) // 0, NaN where it is infinite
	q.VADDSD(q.x(qlSquare), q.x(qlLeast), q.x(qlLeast))
	q.XORQ(reg.RAX, reg.RAX)
	q.VUCOMISD(q.x(t), q.x(qlLeast))
	q.SETHI(reg.AL)
	q.Store(reg.RAX, q.ReturnIndex(0))
}
