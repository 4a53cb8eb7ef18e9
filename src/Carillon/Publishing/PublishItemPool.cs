namespace Carillon.Publishing;

/// <summary>Keeps used items for the next callers.</summary>
internal sealed class PublishItemPool(int capacity)
{
    private readonly Lock _gate = new();
    private PublishItem? _first;
    private int _count;

    public PublishItem Rent()
    {
        lock (_gate)
        {
            if (_first is { } item)
            {
                _first = item.Next;
                item.Next = null;
                _count--;
                return item;
            }
        }

        return new PublishItem(this);
    }

    public void Return(PublishItem item)
    {
        lock (_gate)
        {
            if (_count >= capacity)
                return;
            item.Next = _first;
            _first = item;
            _count++;
        }
    }
}
