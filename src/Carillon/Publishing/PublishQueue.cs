namespace Carillon.Publishing;

/// <summary>Items in the order of their calls. Linked through the items themselves, so that one can leave from the middle.</summary>
internal sealed class PublishQueue
{
    private PublishItem? _last;

    public PublishItem? First { get; private set; }

    public void Add(PublishItem item)
    {
        item.Previous = _last;
        if (_last is null)
            First = item;
        else
            _last.Next = item;
        _last = item;
    }

    public void Remove(PublishItem item)
    {
        if (item.Previous is null)
            First = item.Next;
        else
            item.Previous.Next = item.Next;
        if (item.Next is null)
            _last = item.Previous;
        else
            item.Next.Previous = item.Previous;
        item.Previous = null;
        item.Next = null;
    }
}
