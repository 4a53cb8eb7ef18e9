using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>What Entity Framework Core wants to know of the extension: contexts of every service share their internal services.</summary>
internal sealed class CarillonOptionsExtensionInfo(CarillonOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
{
    public override bool IsDatabaseProvider => false;

    public override string LogFragment => "using Carillon ";

    public override int GetServiceProviderHashCode() => 0;

    public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is CarillonOptionsExtensionInfo;

    public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Carillon"] = "1";
}
