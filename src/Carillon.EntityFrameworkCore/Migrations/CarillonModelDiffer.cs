using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// Adds what Carillon's tables need to the differences that the provider finds between two models. The tables are made by the store's own
/// scripts, word for word: much of them, such as <c>WITHOUT ROWID</c> or checks of columns, has no words in a model, and two descriptions
/// of one table drift apart.
/// </summary>
internal sealed class CarillonModelDiffer(IMigrationsModelDiffer provider) : IMigrationsModelDiffer
{
    public bool HasDifferences(IRelationalModel? source, IRelationalModel? target) =>
        provider.HasDifferences(source, target) || Differences(ModelSchema.Of(source), ModelSchema.Of(target)).Any();

    public IReadOnlyList<MigrationOperation> GetDifferences(IRelationalModel? source, IRelationalModel? target) =>
        [.. provider.GetDifferences(source, target), .. Differences(ModelSchema.Of(source), ModelSchema.Of(target))];

    // Back to an older version there is no way: an older store refuses tables that are newer, and newer tables hold what it does not know.
    private static IEnumerable<MigrationOperation> Differences(ModelSchema source, ModelSchema target) => target.Version == 0
        ? source.Tables.Reverse().Select(Drop)
        : target.Scripts.Where(script => script.Version > source.Version).Select(script => new SqlOperation { Sql = script.Sql });

    private static SqlOperation Drop(string table) => new() { Sql = $"DROP TABLE IF EXISTS {table};", IsDestructiveChange = true };
}
