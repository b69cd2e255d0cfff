package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// arm64 writes Go assembly. It has a method per instruction, named and with
// its operands in the order of the Go assembler, the destination last. What
// that assembler does not know is written as a WORD with the instruction in
// GNU syntax behind it; a test decodes every one and compares.
type arm64 struct {
	out    bytes.Buffer
	labels int
	tally  *tally // of the loop being written, or nil
}

type (
	gpr int // a general register; 18 and 27 to 30 belong to others
	vec int // a vector register, or the scalar in its low lane
)

const zr = gpr(31) // reads as zero

func (r gpr) String() string {
	if r == zr {
		return "ZR"
	}
	return "R" + strconv.Itoa(int(r))
}

func (v vec) String() string { return "V" + strconv.Itoa(int(v)) }
func (v vec) scalar() string { return "F" + strconv.Itoa(int(v)) }

// in is the whole vector in Go's syntax, gnu the same in GNU syntax.
func (v vec) in(elem Elem) string  { return v.String() + either(elem, ".S4", ".D2") }
func (v vec) gnu(elem Elem) string { return fmt.Sprintf("v%d%s", v, either(elem, ".4s", ".2d")) }

// lane is one entry of a vector, in Go's syntax.
func (v vec) lane(elem Elem, i int) string {
	return v.String() + either(elem, ".S[", ".D[") + strconv.Itoa(i) + "]"
}

// address is a base register and a displacement in bytes; after the access,
// post is added to the base.
type address struct {
	base gpr
	disp int
	post int
}

func (a address) String() string {
	switch {
	case a.post != 0:
		return fmt.Sprintf("%d(%s)", a.post, a.base)
	case a.disp != 0:
		return fmt.Sprintf("%d(%s)", a.disp, a.base)
	}
	return "(" + a.base.String() + ")"
}

func (a address) suffix() string {
	if a.post != 0 {
		return ".P"
	}
	return ""
}

// ins writes one instruction and counts it.
func (w *arm64) ins(c class, format string, args ...any) {
	w.tally.add(c)
	fmt.Fprintf(&w.out, "\t"+format+"\n", args...)
}

// word writes an instruction that the Go assembler does not know.
func (w *arm64) word(c class, bits uint32, format string, args ...any) {
	w.tally.add(c)
	fmt.Fprintf(&w.out, "\tWORD $0x%08x // %s\n", bits, fmt.Sprintf(format, args...))
}

// Encodings, float32 first: the bits of an instruction but for its registers.
var (
	wFMLAElem = [2]uint32{0x4f801000, 0x4fc01000}
	wFMULElem = [2]uint32{0x4f809000, 0x4fc09000}
	wFADD     = [2]uint32{0x4e20d400, 0x4e60d400}
	wFMUL     = [2]uint32{0x6e20dc00, 0x6e60dc00}
	wFADDP    = [2]uint32{0x6e20d400, 0x6e60d400}
	wFADDPS   = [2]uint32{0x7e30d800, 0x7e70d800}
	wFABS     = [2]uint32{0x4ea0f800, 0x4ee0f800}
	wFNEG     = [2]uint32{0x6ea0f800, 0x6ee0f800}
	wCMHI     = [2]uint32{0x6ea03400, 0x6ee03400}
	wFSUB     = [2]uint32{0x4ea0d400, 0x4ee0d400}
	wFDIV     = [2]uint32{0x6e20fc00, 0x6e60fc00}
	wFMIN     = [2]uint32{0x4ea0f400, 0x4ee0f400}
	wFMAX     = [2]uint32{0x4e20f400, 0x4e60f400}
)

// three encodes op on vectors: d = n op m.
func (w *arm64) three(c class, name string, op [2]uint32, elem Elem, m, n, d vec) {
	bits := either(elem, op[0], op[1]) | uint32(m)<<16 | uint32(n)<<5 | uint32(d)
	w.word(c, bits, "%s %s, %s, %s", name, d.gnu(elem), n.gnu(elem), m.gnu(elem))
}

func (w *arm64) two(name string, op [2]uint32, elem Elem, n, d vec) {
	bits := either(elem, op[0], op[1]) | uint32(n)<<5 | uint32(d)
	w.word(other, bits, "%s %s, %s", name, d.gnu(elem), n.gnu(elem))
}

// byElement encodes op on a vector n and the low lane of m.
func (w *arm64) byElement(c class, name string, op [2]uint32, elem Elem, m, n, d vec) {
	bits := either(elem, op[0], op[1]) | uint32(m)<<16 | uint32(n)<<5 | uint32(d)
	w.word(c, bits, "%s %s, %s, v%d%s", name, d.gnu(elem), n.gnu(elem), m, either(elem, ".s[0]", ".d[0]"))
}

func (w *arm64) FMLAElem(elem Elem, m, n, d vec) {
	w.byElement(fma, "fmla", wFMLAElem, elem, m, n, d)
}
func (w *arm64) FMULElem(elem Elem, m, n, d vec) {
	w.byElement(other, "fmul", wFMULElem, elem, m, n, d)
}
func (w *arm64) FADD(elem Elem, m, n, d vec)  { w.three(other, "fadd", wFADD, elem, m, n, d) }
func (w *arm64) FMUL(elem Elem, m, n, d vec)  { w.three(other, "fmul", wFMUL, elem, m, n, d) }
func (w *arm64) FADDP(elem Elem, m, n, d vec) { w.three(other, "faddp", wFADDP, elem, m, n, d) }
func (w *arm64) CMHI(elem Elem, m, n, d vec)  { w.three(other, "cmhi", wCMHI, elem, m, n, d) }
func (w *arm64) FABS(elem Elem, n, d vec)     { w.two("fabs", wFABS, elem, n, d) }
func (w *arm64) FNEG(elem Elem, n, d vec)     { w.two("fneg", wFNEG, elem, n, d) }

func (w *arm64) FSUB(elem Elem, m, n, d vec) { w.three(other, "fsub", wFSUB, elem, m, n, d) }
func (w *arm64) FDIV(elem Elem, m, n, d vec) { w.three(other, "fdiv", wFDIV, elem, m, n, d) }

// FMIN and FMAX are NaN where an operand is.
func (w *arm64) FMIN(elem Elem, m, n, d vec) { w.three(other, "fmin", wFMIN, elem, m, n, d) }
func (w *arm64) FMAX(elem Elem, m, n, d vec) { w.three(other, "fmax", wFMAX, elem, m, n, d) }

// FADDPS adds the two low lanes of n.
func (w *arm64) FADDPS(elem Elem, n, d vec) {
	bits := either(elem, wFADDPS[0], wFADDPS[1]) | uint32(n)<<5 | uint32(d)
	w.word(other, bits, either(elem, "faddp s%d, v%d.2s", "faddp d%d, v%d.2d"), d, n)
}

func (w *arm64) VFMLA(elem Elem, m, n, d vec) {
	w.ins(fma, "VFMLA %s, %s, %s", m.in(elem), n.in(elem), d.in(elem))
}
func (w *arm64) VCMEQ(elem Elem, m, n, d vec) {
	w.ins(other, "VCMEQ %s, %s, %s", m.in(elem), n.in(elem), d.in(elem))
}
func (w *arm64) VEOR(m, n, d vec) { w.ins(other, "VEOR %s.B16, %s.B16, %s.B16", m, n, d) }

// zeroUpper clears all lanes but the lowest.
func (e *arm64Emitter) zeroUpper(v vec) {
	e.ins(other, "%s %s, %s", either(e.elem, "FMOVS", "FMOVD"), v.scalar(), v.scalar())
}

// VBIT copies the bits of n that m selects into d.
func (w *arm64) VBIT(m, n, d vec) { w.ins(other, "VBIT %s.B16, %s.B16, %s.B16", m, n, d) }

// VZIP interleaves the entries of n and m: the low halves into lo, the high
// ones into hi.
func (w *arm64) VZIP(elem Elem, n, m, lo, hi vec) {
	w.ins(other, "VZIP1 %s, %s, %s", m.in(elem), n.in(elem), lo.in(elem))
	w.ins(other, "VZIP2 %s, %s, %s", m.in(elem), n.in(elem), hi.in(elem))
}

// VDUP fills d with the low lane of n.
func (w *arm64) VDUP(elem Elem, n, d vec) { w.ins(other, "VDUP %s, %s", n.lane(elem, 0), d.in(elem)) }

// VMOV copies lane i of n, counted in elements of elem, to a general register.
func (w *arm64) VMOV(elem Elem, n vec, i int, d gpr) { w.ins(other, "VMOV %s, %s", n.lane(elem, i), d) }

// Loads and stores of vectors, of pairs and of scalars. A scalar load zeroes
// the lanes above the lowest.

func (w *arm64) FMOVQ(m address, d vec) {
	w.ins(load16, "FMOVQ%s %s, %s", m.suffix(), m, d.scalar())
}
func (w *arm64) FLDPQ(m address, d, e vec) {
	w.ins(load32, "FLDPQ%s %s, (%s, %s)", m.suffix(), m, d.scalar(), e.scalar())
}
func (w *arm64) FSTQ(s vec, m address) {
	w.ins(store16, "FMOVQ%s %s, %s", m.suffix(), s.scalar(), m)
}
func (w *arm64) FSTPQ(s, t vec, m address) {
	w.ins(store32, "FSTPQ%s (%s, %s), %s", m.suffix(), s.scalar(), t.scalar(), m)
}
func (w *arm64) FLD(elem Elem, m address, d vec) {
	w.ins(either(elem, load4, load8), "%s%s %s, %s", either(elem, "FMOVS", "FMOVD"), m.suffix(), m, d.scalar())
}
func (w *arm64) FST(elem Elem, s vec, m address) {
	w.ins(either(elem, store4, store8), "%s%s %s, %s", either(elem, "FMOVS", "FMOVD"), m.suffix(), s.scalar(), m)
}

// VLD1 loads lane i of d and keeps the others; VST1 stores lane i of s.
func (w *arm64) VLD1(elem Elem, m gpr, d vec, i int) {
	w.ins(either(elem, load4, load8), "VLD1 (%s), %s", m, d.lane(elem, i))
}
func (w *arm64) VST1(elem Elem, s vec, i int, m gpr) {
	w.ins(either(elem, store4, store8), "VST1 %s, (%s)", s.lane(elem, i), m)
}

// MOV loads 64 bits; LDX loads an element as an integer, zero-extended.
func (w *arm64) MOV(m address, d gpr) { w.ins(load8, "MOVD %s, %s", m, d) }
func (w *arm64) LDX(elem Elem, m address, d gpr) {
	w.ins(either(elem, load4, load8), "%s%s %s, %s", either(elem, "MOVWU", "MOVD"), m.suffix(), m, d)
}

func (w *arm64) MOVR(s, d gpr)     { w.ins(integer, "MOVD %s, %s", s, d) }
func (w *arm64) MOVI(i int, d gpr) { w.ins(integer, "MOVD $%d, %s", i, d) }
func (w *arm64) ADD(s, d gpr)      { w.ins(integer, "ADD %s, %s", s, d) }
func (w *arm64) ADD3(m, n, d gpr)  { w.ins(integer, "ADD %s, %s, %s", m, n, d) }

// ADDShifted adds s·2^shift to d.
func (w *arm64) ADDShifted(s gpr, shift int, d gpr) {
	w.ins(integer, "ADD %s<<%d, %s", s, shift, d)
}
func (w *arm64) ADDI(i int, d gpr)   { w.ins(integer, "ADD $%d, %s", i, d) }
func (w *arm64) ADDSI(i int, d gpr)  { w.ins(integer, "ADDS $%d, %s", i, d) }
func (w *arm64) SUBI(i int, d gpr)   { w.ins(integer, "SUB $%d, %s", i, d) }
func (w *arm64) SUBSI(i int, d gpr)  { w.ins(integer, "SUBS $%d, %s", i, d) }
func (w *arm64) LSL(i int, d gpr)    { w.ins(integer, "LSL $%d, %s", i, d) }
func (w *arm64) ORR(s, d gpr)        { w.ins(integer, "ORR %s, %s", s, d) }
func (w *arm64) CMP(m, n gpr)        { w.ins(integer, "CMP %s, %s", m, n) }
func (w *arm64) CMPI(i int, n gpr)   { w.ins(integer, "CMP $%d, %s", i, n) }
func (w *arm64) TST(bit int, n gpr)  { w.ins(integer, "TST $%d, %s", bit, n) }
func (w *arm64) MADD(m, a, n, d gpr) { w.ins(integer, "MADD %s, %s, %s, %s", m, a, n, d) }

// CSEL sets d to n where the condition holds, else to m.
func (w *arm64) CSEL(cond string, n, m, d gpr) {
	w.ins(integer, "CSEL %s, %s, %s, %s", cond, n, m, d)
}

func (w *arm64) CSET(cond string, d gpr) { w.ins(integer, "CSET %s, %s", cond, d) }

// B branches, on a condition where one is given: "EQ", "GE", …
func (w *arm64) B(cond, label string) {
	if cond == "" {
		w.ins(branch, "JMP %s", label)
		return
	}
	w.ins(branch, "B%s %s", cond, label)
}
func (w *arm64) CBZ(r gpr, label string)  { w.ins(branch, "CBZ %s, %s", r, label) }
func (w *arm64) CBNZ(r gpr, label string) { w.ins(branch, "CBNZ %s, %s", r, label) }
func (w *arm64) RET()                     { w.ins(branch, "RET") }

func (w *arm64) label(name string) { fmt.Fprintf(&w.out, "\n%s:\n", name) }

// fresh returns a name that no other label of the file has.
func (w *arm64) fresh(name string) string {
	w.labels++
	return name + strconv.Itoa(w.labels)
}

// align puts the head of a hot loop where no fetch block is wasted on it.
func (w *arm64) align() { fmt.Fprint(&w.out, "\tPCALIGN $32\n") }
