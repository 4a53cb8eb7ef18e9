using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>A context, and what the model says waits in it.</summary>
internal sealed class WalkedContext(IServiceProvider services, string name) : IAsyncDisposable
{
    private AsyncServiceScope _scope = services.CreateAsyncScope();

    /// <summary>All that was ever published in it.</summary>
    public HashSet<int> Published { get; } = [];

    /// <summary>The changes that are not saved.</summary>
    public List<Action<SortedDictionary<int, decimal>>> Changes { get; } = [];

    /// <summary>The messages that wait, in the order in which they were published.</summary>
    public List<int> Messages { get; } = [];

    /// <summary>How many of them were published before the transaction began and outlive it.</summary>
    public int Earlier { get; private set; }

    /// <summary>How many of them are stored in the transaction.</summary>
    public int Stored { get; private set; }

    /// <summary>Whether it takes part in the transaction.</summary>
    public bool IsInside { get; private set; }

    public ShopContext Context => _scope.ServiceProvider.GetRequiredService<ShopContext>();

    public void Place(int number)
    {
        Add(number);
        Publish(number);
    }

    public void Add(int number)
    {
        Context.Orders.Add(new Order { Customer = "a", Number = number });
        Changes.Add(rows => rows.Add(number, 10));
    }

    public void Publish(int number)
    {
        Context.Publish(new OrderPlaced($"{number}", number));
        Messages.Add(number);
        Published.Add(number);
    }

    public void Clear()
    {
        Context.ChangeTracker.Clear();
        Changes.Clear();
    }

    /// <summary>A transaction has begun, or it takes part in one from now on.</summary>
    public void Enter() => (IsInside, Earlier, Stored) = (true, Messages.Count, 0);

    /// <summary>Its changes are saved.</summary>
    public void Save(SortedDictionary<int, decimal> rows, bool isBinding)
    {
        if (Changes.Count > 0 || isBinding)
            Earlier = 0;
        Changes.ForEach(change => change(rows));
        Changes.Clear();
    }

    /// <summary>Its messages are stored.</summary>
    public void Store(List<int> messages)
    {
        messages.AddRange(Messages[Stored..]);
        Stored = Messages.Count;
    }

    /// <summary>Its transaction went back to a savepoint.</summary>
    public void GoBack() => Keep(Stored);

    /// <summary>The transaction committed.</summary>
    public void Commit()
    {
        Messages.RemoveRange(0, Stored);
        Leave();
    }

    /// <summary>The transaction was rolled back.</summary>
    public void RollBack()
    {
        Keep(Earlier);
        Leave();
    }

    public async ValueTask DisposeAsync() => await _scope.DisposeAsync();

    /// <summary>Goes on with another context.</summary>
    public async Task RenewAsync()
    {
        await _scope.DisposeAsync();
        _scope = services.CreateAsyncScope();
        Changes.Clear();
        Messages.Clear();
        Leave();
    }

    public override string ToString() => name;

    private void Keep(int count)
    {
        Messages.RemoveRange(count, Messages.Count - count);
        Earlier = Math.Min(Earlier, count);
    }

    private void Leave() => (IsInside, Earlier, Stored) = (false, 0, 0);
}
