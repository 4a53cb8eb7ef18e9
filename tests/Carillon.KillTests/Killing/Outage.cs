namespace Carillon.KillTests;

/// <summary>What is away.</summary>
internal enum Outage
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The database is gone.</summary>
    DatabaseIsGone = 1,

    /// <summary>The database is there and answers nobody.</summary>
    DatabaseStands = 2,

    /// <summary>What the handlers need beside the database is gone.</summary>
    DependencyIsGone = 3,
}
