// Command gen writes the kernels of package asm: assembly, Go stubs, the
// dispatch over instruction sets and the kernel table, all from Specs.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

func main() {
	flags := flag.NewFlagSet("gen", flag.ExitOnError) // avo claims the default set
	out := flags.String("out", "../asm", "folder to write to")
	modelOnly := flags.Bool("model", false, "print what NEON's loops consist of and their predicted speed, write nothing")
	readme := flags.String("readme", "", "`file` whose table of platforms to renew, in the place of the kernels")
	overrides := flags.String("override", "", "JSON `file` of rows of the kernel table to change, as in [{\"kernel\": \"gemm_avx512_f64\", \"set\": {\"MR\": 6, \"NV\": 4}}]; for trials")
	flags.Parse(os.Args[1:])
	var err error
	if *overrides != "" {
		err = applyOverrides(*overrides)
	}
	switch {
	case err != nil:
	case *modelOnly:
		err = model(os.Stdout)
	case *readme != "":
		err = writePlatforms(*readme)
	default:
		err = generateTo(*out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func generateTo(dir string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	return write(dir, files)
}

// generate returns every generated file by name.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, group := range groupByFile(written(Specs)) {
		text, err := assemble(group)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fileName(group[0]), err)
		}
		if err := lint(group[0].ISA, text); err != nil {
			return nil, fmt.Errorf("%s: %w", fileName(group[0]), err)
		}
		files[fileName(group[0])] = text
	}
	writers := map[string]func() ([]byte, error){
		"args.go": argsFile, "coefficients.go": coefficientsFile, "cpuid_amd64.s": cpuidFile,
		"table_none.go": noTableFile, "dispatch_none.go": noDispatchFile,
	}
	for _, arch := range Arches {
		writers["stubs_"+arch+".go"] = func() ([]byte, error) { return stubsFile(arch) }
		writers["table_"+arch+".go"] = func() ([]byte, error) { return tableFile(arch) }
		writers["dispatch_"+arch+".go"] = func() ([]byte, error) { return dispatchFile(arch) }
	}
	for name, f := range writers {
		text, err := f()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = text
	}
	return files, nil
}

// write replaces the generated files of dir: those that are no longer
// generated are removed.
func write(dir string, files map[string][]byte) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.s"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if _, ok := files[filepath.Base(f)]; !ok {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fileName(s Spec) string { return s.Op + "_" + s.ISA.Name + "_" + s.ISA.Arch + ".s" }

// groupByFile collects the specs that share a file: one operation on one ISA.
func groupByFile(specs []Spec) [][]Spec {
	groups := map[string][]Spec{}
	for _, s := range specs {
		groups[fileName(s)] = append(groups[fileName(s)], s)
	}
	var out [][]Spec
	for _, g := range groups {
		out = append(out, g)
	}
	sort.Slice(out, func(i, j int) bool { return fileName(out[i][0]) < fileName(out[j][0]) })
	return out
}
