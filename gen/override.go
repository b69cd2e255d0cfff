package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// override changes fields of one row of Specs, to try what the table does not
// say: {"kernel": "gemm_avx512_f64", "set": {"MR": 6, "NV": 4, "KC": 256}}.
type override struct {
	Kernel string          `json:"kernel"` // operation, ISA and element
	Set    json.RawMessage `json:"set"`    // any of Spec's numbers, by name
}

// leastKC is kernels.Tiny: tiny products take one run of k.
const leastKC = 64

// applyOverrides changes Specs as a JSON file, a list of overrides, says.
func applyOverrides(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var list []override
	if err := strictly(text, &list); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, o := range list {
		if err := o.apply(Specs); err != nil {
			return fmt.Errorf("%s: %s: %w", file, o.Kernel, err)
		}
	}
	return nil
}

func (o override) apply(specs []Spec) error {
	for i := range specs {
		s := &specs[i]
		if s.Op+"_"+s.ISA.Name+"_"+s.Elem.Name != o.Kernel {
			continue
		}
		if err := strictly(o.Set, s); err != nil {
			return err
		}
		if needed := (s.MR+1)*s.NV + 1; s.MR > 0 && needed > s.ISA.Vectors {
			return fmt.Errorf("a tile of %d×%d vectors needs %d registers of %d", s.MR, s.NV, needed, s.ISA.Vectors)
		}
		if s.MR > 0 && s.KC < leastKC {
			return fmt.Errorf("KC %d is less than %d", s.KC, leastKC)
		}
		return nil
	}
	return fmt.Errorf("no such row")
}

// strictly decodes JSON that holds no unknown name.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
