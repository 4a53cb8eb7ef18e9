namespace Carillon.Relational;

/// <summary>What happens to messages whose partition another transaction appends to, where a database lets several write at once.</summary>
internal enum AppendPatience
{
    /// <summary>All wait until it has committed, and fail together when that takes too long.</summary>
    Full = 0,

    /// <summary>They are left out after a moment and reported as refused for now; the others are appended.</summary>
    None = 1,
}
