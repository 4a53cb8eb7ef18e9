namespace Carillon.Simulations.Workloads;

/// <summary>What the handlers of the workload have done, by the numbers that clients gave.</summary>
internal sealed class Effects
{
    private readonly Dictionary<(string Subscription, string Order), List<int>> _numbers = [];

    /// <summary>Whether each subscription saw the numbers of each order first in their order.</summary>
    public bool AreInOrder => _numbers.Values.All(numbers => numbers.Distinct().SequenceEqual(numbers.Distinct().Order()));

    /// <summary>Whether no number was seen twice.</summary>
    public bool HappenedOnce => _numbers.Values.All(numbers => numbers.Distinct().Count() == numbers.Count);

    /// <summary>A handler has done its work.</summary>
    public void Add(string subscription, string order, int number)
    {
        if (!_numbers.TryGetValue((subscription, order), out var numbers))
            _numbers.Add((subscription, order), numbers = []);
        numbers.Add(number);
    }
}
