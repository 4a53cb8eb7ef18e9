using System.Data.Common;

namespace Carillon.Durability;

/// <summary>What a store knows of commits that fail where somebody else commits, with the database's own driver. An extra of stores: without it, nobody knows.</summary>
public interface ICommitOutcomes
{
    /// <summary>Whether the commit may have happened all the same, because the answer was lost and not a refusal.</summary>
    /// <param name="error">What the driver threw at the commit.</param>
    bool IsUnknown(DbException error);
}
