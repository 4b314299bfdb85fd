/**
 * A doubly linked list whose nodes the caller keeps: append, remove from anywhere and
 * drain from the front are O(1). (A `Map` or array popped from the front goes quadratic.)
 */

export class ListNode<T> {
  list: List<T> | undefined = undefined;
  previous: ListNode<T> | undefined = undefined;
  next: ListNode<T> | undefined = undefined;

  constructor(readonly value: T) {}

  /** Takes the node out of its list, and returns that list. */
  remove(): List<T> | undefined {
    const { list } = this;
    list?.remove(this);
    return list;
  }
}

export class List<T> {
  head: ListNode<T> | undefined = undefined;
  tail: ListNode<T> | undefined = undefined;
  size = 0;

  /** Appends the node, taking it out of the list it was in. */
  push(node: ListNode<T>): void {
    node.list?.remove(node);
    node.list = this;
    node.previous = this.tail;
    if (this.tail) this.tail.next = node;
    else this.head = node;
    this.tail = node;
    this.size++;
  }

  /** Takes the node out; one that is not in this list stays where it is. */
  remove(node: ListNode<T>): void {
    if (node.list !== this) return;
    if (node.previous) node.previous.next = node.next;
    else this.head = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.tail = node.previous;
    node.list = undefined;
    node.previous = undefined;
    node.next = undefined;
    this.size--;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let node = this.head; node; node = node.next) yield node.value;
  }
}
