package page

import (
	"fmt"
	"maps"
	"slices"
	"text/template/parse"
)

// What a template may do, so that it comes to an end whatever it is given.
const (
	maxNesting = 4    // loops within loops, templates that are called included
	maxLiteral = 1000 // turns of a loop over a number that stands in the template
)

// bound refuses templates that could run for ever, or for so long that it is
// the same to readers: one that calls itself, loops nested without measure, and
// loops over large numbers. What is left is bounded by the data.
func (p *Pages) bound() error {
	b := bounder{trees: map[string]*parse.Tree{}, depth: map[string]int{}}
	for _, t := range p.templates.Templates() {
		if t.Tree != nil {
			b.trees[t.Name()] = t.Tree
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.trees)) {
		if _, err := b.template(name); err != nil {
			return err
		}
	}
	return nil
}

// A bounder measures how deep loops are nested.
type bounder struct {
	trees map[string]*parse.Tree
	depth map[string]int // of templates that are measured
	open  []string       // those that are being measured
}

// template returns how deep the loops in a template are nested.
func (b *bounder) template(name string) (int, error) {
	if d, ok := b.depth[name]; ok {
		return d, nil
	}
	tree, ok := b.trees[name]
	if !ok {
		return 0, nil // that there is none is found when it is called
	}
	b.open = append(b.open, name)
	d, err := b.node(tree, tree.Root)
	b.open = b.open[:len(b.open)-1]
	b.depth[name] = d
	return d, err
}

func (b *bounder) node(tree *parse.Tree, n parse.Node) (deepest int, err error) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return 0, nil
		}
		return b.deepest(tree, n.Nodes...)
	case *parse.IfNode:
		return b.deepest(tree, n.List, n.ElseList)
	case *parse.WithNode:
		return b.deepest(tree, n.List, n.ElseList)
	case *parse.RangeNode:
		return b.loop(tree, n)
	case *parse.TemplateNode:
		if slices.Contains(b.open, n.Name) {
			return 0, fault(tree, n, "the template %q calls itself, so it would never end", n.Name)
		}
		return b.template(n.Name)
	}
	return 0, nil
}

func (b *bounder) deepest(tree *parse.Tree, nodes ...parse.Node) (deepest int, err error) {
	for _, n := range nodes {
		d, err := b.node(tree, n)
		if err != nil {
			return 0, err
		}
		deepest = max(deepest, d)
	}
	return deepest, nil
}

func (b *bounder) loop(tree *parse.Tree, n *parse.RangeNode) (int, error) {
	for _, c := range n.Pipe.Cmds {
		for _, arg := range c.Args {
			if number, ok := arg.(*parse.NumberNode); ok && number.Float64 > maxLiteral {
				return 0, fault(tree, n, "a loop takes %s turns: more than %d are too many", number.Text, maxLiteral)
			}
		}
	}
	d, err := b.deepest(tree, n.List, n.ElseList)
	if err == nil && d+1 > maxNesting {
		err = fault(tree, n, "loops are nested more than %d deep", maxNesting)
	}
	return d + 1, err
}

// fault says what is wrong in which line of which file.
func fault(tree *parse.Tree, n parse.Node, format string, args ...any) error {
	place, _ := tree.ErrorContext(n)
	return fmt.Errorf("template: %s: %s", place, fmt.Sprintf(format, args...))
}
