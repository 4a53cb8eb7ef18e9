namespace Carillon.Relational;

/// <summary>A connection that statements run on, one at a time.</summary>
internal abstract class Session
{
    /// <summary>How this database says things.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>The statement for a text, prepared once.</summary>
    public abstract Statement Prepare(string sql);
}
