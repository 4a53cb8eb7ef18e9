namespace Carillon.KillTests;

/// <summary>Which version of the services a process runs.</summary>
internal enum Generation
{
    /// <summary>Knows <see cref="Deposited"/> and <see cref="Withdrawn"/>.</summary>
    Older = 1,

    /// <summary>Knows <see cref="WithdrawnInCurrency"/> and <see cref="InterestPaid"/> too, and still handles what the older one published.</summary>
    Newer = 2,
}
