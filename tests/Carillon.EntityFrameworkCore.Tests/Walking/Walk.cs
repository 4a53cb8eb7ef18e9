using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>
/// A walk over one or two contexts: each step is taken by the context and by a model, and what is committed must be what the model says. Two contexts
/// share one connection.
/// </summary>
internal sealed partial class Walk(int seed, WalkedContext[] contexts, WalkDatabase database, WalkFaults faults, int first)
{
    private const int MostSteps = 24;
    private const int Untouched = 0;

    private readonly Random _random = new(seed);
    private readonly List<string> _trace = [];
    private readonly Queue<int> _rows = new(Enumerable.Range(1, 6));
    private readonly SortedDictionary<int, decimal> _committed = [];
    private readonly List<int> _messages = [];
    private WalkedTransaction? _transaction;
    private IDbContextTransaction? _open;
    private int _next = first;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<WalkedContext> Inside => contexts.Where(context => context.IsInside);

    /// <summary>Walks to the end.</summary>
    /// <returns>What differs from the model, with the steps that led there; null where nothing does.</returns>
    public async Task<string?> RunAsync()
    {
        try
        {
            await BeginWithRowsAsync();
            for (var left = _random.Next(4, MostSteps); left > 0; left--)
                await StepAsync();
            foreach (var context in contexts)
                await context.DisposeAsync();
            return await DifferenceAsync() is { } difference ? Tell(difference) : null;
        }
        catch (Exception unexpected)
        {
            return Tell($"{unexpected}");
        }
    }

    private string Tell(string what) => $"seed {seed}: {what}\n  {string.Join("\n  ", _trace)}";

    private async Task BeginWithRowsAsync()
    {
        await database.AllowAsync();
        await database.ClearAsync();
        await database.ReadNewMessagesAsync();
        foreach (var number in _rows.Append(Untouched))
        {
            contexts[0].Context.Orders.Add(new Order { Customer = "a", Number = number });
            _committed.Add(number, 10);
        }

        await contexts[0].Context.SaveChangesAsync(Cancellation);
        contexts[0].Context.ChangeTracker.Clear();
    }

    private async Task StepAsync()
    {
        var context = contexts[_random.Next(contexts.Length)];
        var possible = Steps.Where(step => step.IsPossible(context)).ToList();
        var drawn = _random.Next(possible.Sum(step => step.Weight));
        var chosen = possible.First(step => (drawn -= step.Weight) < 0);
        _trace.Add($"{context}: {chosen.Name}");
        await chosen.RunAsync(context);
    }

    private async Task<string?> DifferenceAsync()
    {
        await database.AllowAsync();
        var rows = await database.ReadRowsAsync();
        if (!rows.SequenceEqual(_committed))
            return $"rows are {Text(rows)}, and must be {Text(_committed)}";
        // The order of two contexts in one transaction is nobody's promise.
        var messages = ByContext(await database.ReadNewMessagesAsync());
        return messages.SequenceEqual(ByContext(_messages)) ? null : $"messages are {string.Join(' ', messages)}, and must be {string.Join(' ', ByContext(_messages))}";

        static string Text(SortedDictionary<int, decimal> rows) => string.Join(' ', rows.Select(row => $"{row.Key}={row.Value:0}"));
    }

    private List<int> ByContext(IEnumerable<int> messages) => [.. messages.OrderBy(number => Array.FindIndex(contexts, context => context.Published.Contains(number)))];

    private bool IsFree(WalkedContext context) => context.IsInside || _transaction is null;

    private int Next() => _next++;

    private bool Draw() => _random.Next(2) == 0;

    /// <summary>Says in the trace with what, too.</summary>
    private int Note(int number)
    {
        _trace[^1] += $" {number}";
        return number;
    }
}
