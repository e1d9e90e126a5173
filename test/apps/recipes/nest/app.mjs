// NestJS in plain JavaScript: its decorators are functions.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { makeReport } from '../block.mjs';

class ReportController {
  report() {
    return makeReport(300);
  }
}
Controller('report')(ReportController);
Get()(
  ReportController.prototype,
  'report',
  Object.getOwnPropertyDescriptor(ReportController.prototype, 'report'),
);

class AppModule {}
Module({ controllers: [ReportController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
