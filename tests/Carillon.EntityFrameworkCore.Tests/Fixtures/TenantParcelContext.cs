using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>The parcels of one tenant, in a schema of its own where the database has such a thing.</summary>
public sealed class TenantParcelContext(DbContextOptions<TenantParcelContext> options) : ParcelContext(options)
{
    public override string? Tenant => "tenant";
}
