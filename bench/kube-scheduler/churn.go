package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	v1 "k8s.io/api/core/v1"
)

// churn makes objects on every tick, or makes and deletes them in turn.
type churn struct {
	recreate bool
	every    int64
	number   int
	makes    []runtime.Object
	// from is the count of attempts at which it began.
	from  int64
	ticks int
	// slots is what stands in each slot of "recreate"; nil when the slot is empty.
	slots [][]runtime.Object
}

func (p *player) addChurn(one *operation) error {
	if one.Every < 1 {
		return fmt.Errorf("invalid every: %d; a churn ticks after so many attempts", one.Every)
	}
	if one.Mode != "create" && one.Mode != "recreate" {
		return fmt.Errorf("unknown mode: %s, did you mean create or recreate?", one.Mode)
	}
	c := &churn{recreate: one.Mode == "recreate", every: int64(one.Every), number: one.Number, from: p.attempts}
	if c.recreate {
		if c.number < 1 {
			return fmt.Errorf("invalid number: %d; recreate needs slots", c.number)
		}
		c.slots = make([][]runtime.Object, c.number)
	}
	for _, raw := range one.Makes {
		object, err := p.churnObject(raw)
		if err != nil {
			return err
		}
		c.makes = append(c.makes, object)
	}
	p.churns = append(p.churns, c)
	return nil
}

func (p *player) churnObject(raw churnMake) (runtime.Object, error) {
	var template int
	switch {
	case raw.Node != nil:
		return readObject(raw.Node)
	case raw.Object != nil:
		return readObject(raw.Object)
	case raw.Pod == nil:
		return nil, fmt.Errorf("missing pod, node or object; a churn makes one of them")
	case json.Unmarshal(raw.Pod, &template) == nil:
		return p.fromTemplate(template)
	}
	return readPod(raw.Pod)
}

// tickChurns does what is due after an attempt.
func (p *player) tickChurns() error {
	for _, c := range p.churns {
		if (p.attempts-c.from)%c.every == 0 {
			if err := p.tick(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) tick(c *churn) error {
	if !c.recreate && c.number > 0 && c.ticks >= c.number {
		return nil
	}
	number := c.ticks
	c.ticks++
	if !c.recreate {
		_, err := p.makeAll(c, number)
		return err
	}
	slot := number % c.number
	standing := c.slots[slot]
	if standing == nil {
		made, err := p.makeAll(c, number)
		c.slots[slot] = made
		return err
	}
	c.slots[slot] = nil
	for _, object := range standing {
		if err := p.unmake(object); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) makeAll(c *churn, number int) ([]runtime.Object, error) {
	made := []runtime.Object{}
	for _, template := range c.makes {
		object := template.DeepCopyObject()
		access, err := meta.Accessor(object)
		if err != nil {
			return nil, err
		}
		access.SetName(numbered(access.GetName(), access.GetGenerateName(), number))
		access.SetUID(types.UID(access.GetNamespace() + "/" + access.GetName()))
		if pod, isPod := object.(*v1.Pod); isPod {
			err = p.createPod(pod)
		} else {
			err = p.add(object)
		}
		if err != nil {
			return nil, err
		}
		made = append(made, object)
	}
	return made, nil
}

// unmake deletes what a tick made. A pod may be gone: preemption deletes as well.
func (p *player) unmake(object runtime.Object) error {
	switch made := object.(type) {
	case *v1.Pod:
		if p.pod(podKey(made)) == nil {
			return nil
		}
		return p.removePod(podKey(made))
	case *v1.Node:
		return p.removeNode(made.Name)
	}
	return p.informerOf(object).remove(object)
}

func numbered(name, generateName string, number int) string {
	if name == "" {
		name = strings.TrimSuffix(generateName, "-")
	}
	if name == "" {
		name = "churn"
	}
	return fmt.Sprintf("%s-%d", name, number)
}
