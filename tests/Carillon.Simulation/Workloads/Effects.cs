namespace Carillon.Simulations.Workloads;

/// <summary>What the handlers of the workload have done, by the numbers that clients gave.</summary>
internal sealed class Effects
{
    private readonly Dictionary<(string Subscription, string Order), List<int>> _numbers = [];
    private readonly HashSet<(string Order, int Number)> _expected = [];
    private readonly List<(string Order, int Number)> _paid = [];

    /// <summary>Whether each subscription saw the numbers of each order first in their order.</summary>
    public bool AreInOrder => _numbers.Values.All(numbers => numbers.Distinct().SequenceEqual(numbers.Distinct().Order()));

    /// <summary>Whether no number was seen twice, and nothing was paid twice.</summary>
    public bool HappenedOnce => _numbers.Values.All(numbers => numbers.Distinct().Count() == numbers.Count) && _paid.Distinct().Count() == _paid.Count;

    /// <summary>Whether everything was paid that clients were told is ordered.</summary>
    public bool AreComplete => _expected.IsSubsetOf(_paid);

    /// <summary>A client was told that its order is placed.</summary>
    public void Expect(string order, int number) => _expected.Add((order, number));

    /// <summary>A payment has arrived at the end of its way, at once or after a delay.</summary>
    public void Pay(string order, int number) => _paid.Add((order, number));

    /// <summary>A handler has done its work.</summary>
    public void Add(string subscription, string order, int number)
    {
        if (!_numbers.TryGetValue((subscription, order), out var numbers))
            _numbers.Add((subscription, order), numbers = []);
        numbers.Add(number);
    }
}
