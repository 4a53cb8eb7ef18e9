namespace Carillon.Simulations.Workloads;

/// <summary>What the handlers of the workload have done, by the numbers that clients gave, and what they should have done.</summary>
internal sealed class Effects
{
    private readonly Dictionary<(string Subscription, string Order), List<int>> _numbers = [];
    private readonly HashSet<(string Order, int Number)> _placed = [];
    private readonly HashSet<(string Order, int Number)> _cancelled = [];

    /// <summary>Whether each subscription but one saw the numbers of each order first in their order.</summary>
    public bool AreInOrder(string exception) => _numbers.Where(seen => seen.Key.Subscription != exception).Select(seen => seen.Value)
        .All(numbers => numbers.Distinct().SequenceEqual(numbers.Distinct().Order()));

    /// <summary>Whether no number was seen twice.</summary>
    public bool HappenedOnce => _numbers.Values.All(numbers => numbers.Distinct().Count() == numbers.Count);

    /// <summary>Whether what was taken off the schedule in time was never handled.</summary>
    public bool AreWanted => !_cancelled.Any(order => Has("inventory", order));

    /// <summary>An order was placed.</summary>
    public void Place(string order, int number) => _placed.Add((order, number));

    /// <summary>An order was taken back before it was published.</summary>
    public void Cancel(string order, int number) => _cancelled.Add((order, number));

    /// <summary>Whether a subscription has seen those of the placed orders that it was to see.</summary>
    public bool AreComplete(string subscription, Func<int, bool> concerns) => _placed.All(order => !concerns(order.Number) || Has(subscription, order));

    /// <summary>A handler has done its work.</summary>
    public void Add(string subscription, string order, int number)
    {
        if (!_numbers.TryGetValue((subscription, order), out var numbers))
            _numbers.Add((subscription, order), numbers = []);
        numbers.Add(number);
    }

    private bool Has(string subscription, (string Order, int Number) order) =>
        _numbers.TryGetValue((subscription, order.Order), out var numbers) && numbers.Contains(order.Number);
}
