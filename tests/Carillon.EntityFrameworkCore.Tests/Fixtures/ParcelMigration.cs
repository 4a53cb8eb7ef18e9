using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Creates the table of the parcels, as a migration of an application does.</summary>
[DbContext(typeof(ParcelContext))]
[Migration("20260101000000_Parcels")]
public sealed class ParcelMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var json = migrationBuilder.ActiveProvider!.Contains("PostgreSQL", StringComparison.Ordinal) ? "jsonb" : "TEXT";
        migrationBuilder.CreateTable(
            "parcels",
            table => new
            {
                Id = table.Column<Guid>(),
                Number = table.Column<int>(),
                Version = table.Column<int>(),
                Address_City = table.Column<string>(nullable: true),
                ParentId = table.Column<Guid>(nullable: true),
                Labels = table.Column<string>(json, nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_parcels", row => row.Id);
                table.ForeignKey("FK_parcels_parent", row => row.ParentId, "parcels", "Id");
            });
        migrationBuilder.CreateIndex("IX_parcels_number", "parcels", "Number", unique: true);
    }
}
