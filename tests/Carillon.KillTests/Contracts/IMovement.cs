namespace Carillon.KillTests;

/// <summary>What the publishers publish: all kinds of a key are counted together, so that their order is one.</summary>
internal interface IMovement
{
    /// <summary>The key.</summary>
    string Account { get; }

    /// <summary>Which one of its key it is, in the order of publishing.</summary>
    long Version { get; }
}
