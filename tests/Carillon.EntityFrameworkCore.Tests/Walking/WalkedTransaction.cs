namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>What the model knows of an open transaction: what would be there if it committed now.</summary>
internal sealed class WalkedTransaction(SortedDictionary<int, decimal> rows)
{
    private readonly List<(string Name, SortedDictionary<int, decimal> Rows, List<int> Messages)> _savepoints = [];

    public SortedDictionary<int, decimal> Rows { get; private set; } = new(rows);

    /// <summary>The messages that are stored in it.</summary>
    public List<int> Messages { get; private set; } = [];

    /// <summary>Whether two contexts take part in it.</summary>
    public bool IsShared { get; set; }

    /// <summary>The names of its savepoints.</summary>
    public IReadOnlyList<string> Savepoints => [.. _savepoints.Select(savepoint => savepoint.Name)];

    public void SetSavepoint(string name) => _savepoints.Add((name, new(Rows), [.. Messages]));

    public void GoBackTo(string name)
    {
        var index = _savepoints.FindIndex(savepoint => savepoint.Name == name);
        (Rows, Messages) = (new(_savepoints[index].Rows), [.. _savepoints[index].Messages]);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }
}
