namespace Carillon.Relational;

/// <summary>Opens a database when it is first needed.</summary>
internal interface IDatabaseSource
{
    TimeProvider Time { get; }

    /// <summary>The database in use; opened by the first who asks.</summary>
    ValueTask<Database> OpenAsync(CancellationToken cancellation);
}
